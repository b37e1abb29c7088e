"""``%poebot publish``: a public address that Poe can register."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from poebook.notebook import showing
from poebook.notebook.commands.verb import Verb, found, runs
from poebook.notebook.options import PUBLISHING, did_you_mean
from poebook.notebook.shell import Shell
from poebook.runtime.publication import REGISTER_AT
from poebook.runtime.registry import served
from poebook.runtime.served import Served
from poebook.runtime.tunnel.providers import DEFAULT, PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

_OWN = ("--via", "--for")


def run(shell: Shell, words: list[str]) -> None:
    if not words or words[0].startswith("-"):
        raise UsageError(f"Which bot? {VERB.line}.{runs()}")
    bot = found(words[0])
    options = parsed(words[1:])
    publish(bot, options.pop("provider", None), options.pop("during", None), options)


def publish(
    bot: Served, provider: str | None, during: str | None, options: dict[str, str], *, show: bool = True
) -> None:
    """Publish, and say so: with *show* by the bot's card, where cards can be shown."""
    bot.publish(provider, during=during, **options)
    publication = bot.publication
    assert publication is not None, "it was published"
    if publication.warning:
        print(f"Take care: {publication.warning}")
    if showing.has_front_end():
        if show:
            showing.show(bot, chat=False)
        return
    print(f"{bot.name} is published at {showing.shown_url(bot)} through {publication.via}.")
    if publication.pushed is not None:
        print(publication.pushed.says)
    print(f"At Poe: {REGISTER_AT} takes the name {publication.poe_name}, this address, and the key.")


def parsed(words: list[str]) -> dict[str, str]:
    """``--option value`` pairs by their names in Python. Raises UsageError."""
    said: dict[str, str] = {}
    left = iter(words)
    for word in left:
        option, equals, value = word.partition("=")
        if option not in PUBLISHING:
            hint = did_you_mean(option, list(PUBLISHING)) if option.startswith("-") else f" Did you mean --via {word}?"
            raise UsageError(f"{word!r} is not understood here.{hint} {VERB.line}.")
        value = value if equals else next(left, "")
        if not value or value.startswith("--"):
            raise UsageError(f"{option} needs a value: {VERB.line}.")
        said[PUBLISHING[option]] = value
    return said


def complete(words: list[str]) -> Sequence[str]:
    if not words:
        return sorted(served())
    if words[-1] == "--via":
        return list(PROVIDERS)
    via = next((after for word, after in pairwise(words) if word == "--via"), DEFAULT)
    taken_by = PROVIDERS[via].options if via in PROVIDERS else ()
    options = [option for option, name in PUBLISHING.items() if name in taken_by]
    taken = words[-1] in [*_OWN, *options]
    return [] if taken else [option for option in [*_OWN, *options] if option not in words]


VERB = Verb(
    "publish",
    "NAME [--via PROVIDER] [--for TIME] [--OPTION VALUE ...]",
    f"a public address that Poe can register, through {', '.join(PROVIDERS)}; --for 2h ends it by itself",
    run,
    complete,
    more=(
        "The address is asked as Poe would ask before it counts as published; then the card tells what to enter "
        "where at Poe, and the settings are pushed. All bots share one way in. ngrok needs NGROK_AUTHTOKEN "
        "(--domain for an address of your own); ssh needs --host and --url; url takes --url, an https address that "
        "leads here already; jupyter goes through the server of this notebook and gives whoever has the address "
        "the kernel. --for takes 90s, 30m or 2h."
    ),
    example=("%poebot publish echo --via url --url http://127.0.0.1:8080",),
)
