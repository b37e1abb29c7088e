"""``%poebot trace``: how the last answer came about."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from IPython.core.error import UsageError
from IPython.display import display

from poebook.client.recent import last
from poebook.client.trace import trace
from poebook.notebook.commands.verb import Verb, names
from poebook.notebook.shell import Shell
from poebook.notebook.table import Table

_WIDTH = 80  # characters of an event's data


def run(shell: Shell, words: list[str]) -> None:
    if len(words) > 1:
        raise UsageError(f"{words[1]!r} is one word too many: {VERB.line}.")
    found = last(words[0] if words else None)
    if found is None:
        whom = f" by {words[0]}" if words else ""
        raise UsageError(f"Nothing was answered{whom} of late. %poebot ask TARGET TEXT asks; then look again.")
    asked, answer = found
    shown = trace(asked, answer)
    status = "" if shown["status"] is None else f", HTTP {shown['status']}"
    print(f"{answer.target} ({shown['where']}): POST {shown['url']}{status}")
    display(Table(["Seconds", "Events", "Name", "Data"], _rows(shown["events"]), empty="No event came."))  # type: ignore[no-untyped-call]
    print("\n".join(_end(shown, answer.state, str(answer.error or answer.note or ""))))


def _rows(events: list[dict[str, Any]]) -> list[list[str]]:
    """A row for each run of events of one name."""
    rows = []
    for name, run in groupby(events, lambda event: str(event["name"])):
        one, *more = list(run)
        final = more[-1] if more else one
        numbers = f"{one['n']}" if not more else f"{one['n']} to {final['n']}"
        seconds = f"{one['s']:.3f}" if not more else f"{one['s']:.3f} to {final['s']:.3f}"
        data = one["data"]
        rows.append([seconds, numbers, name, data if len(data) <= _WIDTH else data[: _WIDTH - 1] + "…"])
    return rows


def _end(shown: dict[str, Any], state: str, words: str) -> list[str]:
    first = "" if shown["first_event_s"] is None else f", first event after {shown['first_event_s']:.3f} s"
    lines = [f"{state} after {shown['total_s'] or 0:.3f} s{first}. {words}".rstrip()]
    lines += [f"{'' if line['s'] is None else format(line['s'], '.3f')}  {line['text']}" for line in shown["log"]]
    return lines


VERB = Verb(
    "trace",
    "[NAME]",
    "how the last answer came about: request, events, times and log",
    run,
    names,
    more=(
        "Without NAME it is the last answer of any bot. Events of one name that follow each other are one row. In "
        "the chat, Trace below an answer shows the same on a timeline; conversation.trace() has it as a table."
    ),
    example=("%poebot ask echo hi", "%poebot trace echo"),
)
