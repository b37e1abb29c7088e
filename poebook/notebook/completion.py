"""Tab on the lines of ``%%poebot`` and ``%poebot``, from the same tables as parsing and help."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

from poebook.client.targets import local_names
from poebook.notebook.commands import VERBS
from poebook.notebook.options import OPTIONS, PUBLISHING
from poebook.notebook.shell import Shell
from poebook.runtime.tunnel.providers import PROVIDERS


def install(shell: Shell) -> None:
    """Let *shell*'s completer ask here about lines that begin with one of the magics."""
    if _match not in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.append(_match)


def remove(shell: Shell) -> None:
    """Take that back."""
    if _match in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(_match)


@context_matcher(identifier="poebook")  # type: ignore[untyped-decorator]
def _match(context: CompletionContext) -> SimpleMatcherResult:
    """IPython's own guesses (Python names, files) are left out where there is something to offer."""
    line = context.text_until_cursor
    offered = at_end_of(line)
    fragment = "" if line[-1:].isspace() else line.split()[-1] if line.strip() else ""
    return SimpleMatcherResult(
        completions=[SimpleCompletion(text=word, type="poebook") for word in offered],
        matched_fragment=fragment,
        ordered=True,
        suppress=bool(offered),
    )


def at_end_of(line: str) -> list[str]:
    """What the word at the end of *line* may become.

    >>> at_end_of("%poebot st")
    ['status', 'stop']
    """
    try:
        words = shlex.split(line)
    except ValueError:  # inside quotation marks
        return []
    partial = "" if line[-1:].isspace() or not words else words.pop()
    match words:
        case ["%%poebot", *before]:
            offered = after_cell_magic(before)
        case ["%poebot", *before]:
            offered = after_line_magic(before)
        case _:
            return []
    return [word for word in offered if word.startswith(partial)]


def after_cell_magic(words: list[str]) -> list[str]:
    """What can follow *words* on a line of ``%%poebot``.

    >>> after_cell_magic(["echo", "--no-chat"])[:2]
    ['--key', '--no-key']
    """
    last = next((option for option in OPTIONS if words and option.name == words[-1]), None)
    if last is not None and last.value and not last.value.startswith("["):
        return _targets() if last.targets else []
    if words and words[-1] in PUBLISHING:
        return list(PROVIDERS) if PUBLISHING[words[-1]] == "provider" else []
    options = [option.name for option in OPTIONS if option.repeated or option.name not in words]
    if "--publish" in words:
        options = [*(PROVIDERS if words[-1] == "--publish" else ()), *options, *PUBLISHING]
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
