"""``%poebot rollback``: let an older version answer again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poebook.notebook.commands.verb import Verb, named, number
from poebook.notebook.shell import Shell
from poebook.runtime.registry import served

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(shell: Shell, words: list[str]) -> None:
    bot = named(VERB, words, most=2)
    bot.rollback(number(words[1], "version") if len(words) == 2 else None)
    print(f"{bot.name} answers with version {bot.version} again.")


def complete(words: list[str]) -> Sequence[str]:
    if not words:
        return sorted(served())
    bot = served().get(words[0]) if len(words) == 1 else None
    return [str(one.number) for one in bot.versions if one is not bot.current] if bot else ()


VERB = Verb(
    "rollback",
    "NAME [VERSION]",
    "go one version back, or to that version",
    run,
    complete,
    more=(
        "Each run of the bot's cell is a version; going back keeps the address, the key and the conversation, and "
        "answers under way end with the version they began with. Without VERSION it is one back."
    ),
    example=(
        '%%poebot echo --no-chat\ndef get_response(request):\n    return "Something else."',
        "%poebot rollback echo",
        "%poebot ask echo hi",
    ),
)
