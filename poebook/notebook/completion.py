"""Tab on the lines of ``%%poebot`` and ``%poebot``, from the same tables as parsing and help."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from poebook.client.targets import local_names
from poebook.notebook.commands import VERBS
from poebook.notebook.options import OPTIONS
from poebook.notebook.shell import Shell


def install(shell: Shell) -> None:
    """Let *shell*'s completer ask here about lines that begin with one of the magics."""
    for command in ("%%poebot", "%poebot"):
        shell.set_hook("complete_command", complete, str_key=command)


def remove(shell: Shell) -> None:
    """Take that back."""
    for command in ("%%poebot", "%poebot"):
        shell.strdispatchers["complete_command"].strs.pop(command, None)


def complete(shell: object, event: Any) -> list[str]:  # IPython's event has no type
    """What can stand where the cursor is; IPython keeps those that begin with what is there already."""
    before = _words(str(event.text_until_cursor))
    partial = "" if str(event.text_until_cursor)[-1:].isspace() else before.pop()
    if not before:
        return []
    offered = after_cell_magic(before[1:]) if before[0] == "%%poebot" else after_line_magic(before[1:])
    return [_whole(word, partial, str(event.symbol)) for word in offered if word.startswith(partial)]


def after_cell_magic(words: list[str]) -> list[str]:
    """What can follow *words* on a line of ``%%poebot``.

    >>> after_cell_magic(["echo", "--no-chat"])[:2]
    ['--key', '--no-key']
    """
    last = next((option for option in OPTIONS if words and option.name == words[-1]), None)
    if last is not None and last.value and not last.value.startswith("["):
        return _targets() if last.targets else []
    options = [option.name for option in OPTIONS if option.repeated or option.name not in words]
    named = any(not word.startswith("-") for word in words)
    return options if named else [*local_names(), *options]


def after_line_magic(words: list[str]) -> list[str]:
    """What can follow *words* on a line of ``%poebot``.

    >>> after_line_magic([])[:3]
    ['status', 'chat', 'ask']
    """
    if not words:
        return list(VERBS)
    verb = VERBS.get(words[0])
    offered: Sequence[str] = verb.complete(words[1:]) if verb is not None else ()
    return list(offered)


def _targets() -> list[str]:
    return [*local_names(), "poe:", "https://"]


def _words(text: str) -> list[str]:
    """*text* in words; an open quotation mark goes on to the end."""
    for close in ("", '"', "'"):
        try:
            return shlex.split(text + close)
        except ValueError:
            continue
    return text.split()


def _whole(word: str, partial: str, symbol: str) -> str:
    """*word* from where IPython's own idea of the word under the cursor begins."""
    return word[len(partial) - len(symbol) :] if partial.endswith(symbol) else word
