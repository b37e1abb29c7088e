"""``%load_ext poebook`` and ``%unload_ext poebook``."""

from __future__ import annotations

from poebook.notebook import completion
from poebook.notebook.cellmagic import cell_magic
from poebook.notebook.linemagic import line_magic
from poebook.notebook.shell import Shell


def load(shell: Shell) -> None:
    """Give *shell* the magics and their completion; loading twice does no harm."""
    shell.register_magic_function(cell_magic(shell), "cell", "poebot")
    shell.register_magic_function(line_magic(shell), "line", "poebot")
    completion.install(shell)


def unload(shell: Shell) -> None:
    """Take them away; what is served goes on."""
    completion.remove(shell)
    for kind in ("cell", "line"):
        shell.magics_manager.magics[kind].pop("poebot", None)
