"""``%load_ext poebook`` and ``%unload_ext poebook``."""

from __future__ import annotations

from poebook.faults import know_cells
from poebook.notebook import completion, past, refused
from poebook.notebook.cellmagic import cell_magic
from poebook.notebook.errors import tell_at_length, tell_shortly
from poebook.notebook.linemagic import line_magic
from poebook.notebook.shell import Shell


def load(shell: Shell) -> None:
    """Give *shell* the magics and their completion; loading twice does no harm."""
    shell.register_magic_function(cell_magic(shell), "cell", "poebot")
    shell.register_magic_function(line_magic(shell), "line", "poebot")
    completion.install(shell)
    past.watch(shell)
    refused.watch(shell)
    tell_shortly(shell)
    know_cells(getattr(shell.compile, "_filename_map", {}))


def unload(shell: Shell) -> None:
    """Take them away; what is served goes on."""
    completion.remove(shell)
    past.forget(shell)
    refused.forget(shell)
    tell_at_length()
    for kind in ("cell", "line"):
        shell.magics_manager.magics[kind].pop("poebot", None)
