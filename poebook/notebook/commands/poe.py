"""``%poebot poe``: where bots that are called by name are asked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from poebook.client.targets import named_base_url
from poebook.notebook.commands.verb import Verb
from poebook.notebook.shell import Shell
from poebook.runtime.kernel_poe import KernelPoe, Mode
from poebook.runtime.registry import local_poe

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODES: dict[str, Mode] = {"local": "local", "live": "live"}


def run(shell: Shell, words: list[str]) -> None:
    match words:
        case [] | ["status"]:
            print("\n".join(status(local_poe())))
        case ["local" | "live" as mode]:
            local_poe().mode = _MODES[mode]
            print(_where(local_poe()))
        case _:
            raise UsageError(f"{VERB.line}: it is {local_poe().mode} now.")


def status(poe: KernelPoe) -> list[str]:
    """What there is to say of the local Poe, a sentence a line; no key among it."""
    lines = [_where(poe)]
    if not poe.runs:
        return [
            *lines,
            "Nothing is served here yet; the local Poe runs with the first bot, or from fp.local_poe().base_url on.",
        ]
    lines += [
        f"The local Poe is at {poe.base_url}; POE_BASE_URL set to that makes other programs here ask it, and OpenAI "
        f"clients find it at {poe.base_url}v1.",
        f"It knows {', '.join(poe.names)}. Its key is fp.local_poe().api_key.",
        "Poe's limits are enforced."
        if poe.limits.enforce
        else "What Poe would not take is warned about; fp.local_poe().limits = fp.Limits() enforces it.",
    ]
    if poe.ledger:
        captured = sum(entry.amount for entry in poe.ledger if entry.kind == "capture" and entry.paid)
        lines.append(f"Bots have captured {captured} thousandths of a cent in all; fp.local_poe().ledger has each.")
    if poe.inbox:
        last = poe.inbox[-1]
        lines.append(f"It told authors {len(poe.inbox)} things, at last {last.bot}: {last.words}")
    for call in poe.calls[-1:]:
        lines += ["The last question:", *(f"  {line}" for line in call.lines())]
    return lines


def _where(poe: KernelPoe) -> str:
    named = named_base_url()
    if named is not None:
        return f"POE_BASE_URL is set, so all bots that are called by name are asked at {named}."
    has_key = bool(os.environ.get("POE_API_KEY"))
    if poe.mode == "live":
        needs = "" if has_key else " Set POE_API_KEY for that."
        return f"All bots that are called by name are asked on Poe.{needs}"
    others = "others on Poe" if has_key else "others nowhere, as POE_API_KEY is not set"
    return f"Bots that are served here are asked here, {others}."


def complete(words: list[str]) -> Sequence[str]:
    return ["status", "local", "live"] if not words else ()


VERB = Verb(
    "poe",
    "status|live|local",
    "where bots that are called by name are asked: here, or on Poe",
    run,
    complete,
    more=(
        "status (or nothing) tells where names are asked, what bots charged and what Poe would tell their author. "
        "local, which is how it begins, asks bots served here first; live asks all of them on Poe, for which "
        "POE_API_KEY is needed."
    ),
    example=("%poebot poe",),
)
