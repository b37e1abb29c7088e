"""An answer of the notebook beside one of the export. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from typing import Any

from poebook.export.verdict import TurnVerdict

Event = tuple[str, str]  # name and data

_REF = re.compile(r"\[[A-Za-z0-9]{8}\]")
_MOST = 12  # lines of a diff


def key_of(events: Sequence[Event]) -> list[tuple[str, object]]:
    """Events without what is another each time: where a file lies, and the name that its place in the text has.

    >>> key_of([("file", '{"url": "http://a/1", "name": "a.csv"}')])
    [('file', {'url': '', 'name': 'a.csv'})]
    """
    return [(name, _settled(name, _parsed(data))) for name, data in events]


def shape_of(events: Sequence[Event]) -> list[object]:
    """The form of an answer: which kinds of events came, in which order they first did, and its content type."""
    kinds = list(dict.fromkeys(name for name, _ in events))
    types = [_parsed(data).get("content_type") for name, data in events if name == "meta"]
    return [*kinds, *types]


def text_of(events: Sequence[Event]) -> str:
    """The text that events leave."""
    text = ""
    for name, data in events:
        words = str(_parsed(data).get("text", ""))
        text = words if name == "replace_response" else text + words if name == "text" else text
    return text


def compared(
    question: str,
    then: Sequence[Event],
    now: Sequence[Sequence[Event]],
    live: Sequence[Event] | None,
    error: str | None,
) -> TurnVerdict:
    """What the notebook answered *then*, the export answers *now* (asked several times), the notebook *live*."""
    first = now[0]
    if key_of(first) == key_of(then):
        return TurnVerdict(question, "alike")
    if live is not None and key_of(live) == key_of(first):
        return TurnVerdict(question, "alike", "the notebook was asked anew, for it answers this otherwise than it did.")
    varies = any(key_of(other) != key_of(first) for other in now[1:])
    changed = live is not None and key_of(live) != key_of(then)
    if varies or changed:
        if shape_of(first) == shape_of(then):
            says = "no two answers are the same, so their forms were compared, and are."
            return TurnVerdict(question, "shape", says)
        forms = f"{_listed(shape_of(first))} now, {_listed(shape_of(then))} then"
        return TurnVerdict(
            question, "differs", f"no two answers are the same, and their forms are not either: {forms}."
        )
    return TurnVerdict(question, "differs", *_difference(then, first, error))


def _difference(then: Sequence[Event], now: Sequence[Event], error: str | None) -> tuple[str, str]:
    before, after = text_of(then), text_of(now)
    failed, fails = _fails(then), _fails(now)
    if fails and not failed:
        return f"it fails now, and did not in the notebook: {error or 'it ended with an error'}", ""
    if failed and not fails:
        return "it failed in the notebook, and does not any more.", ""
    if before != after:
        return "the text is another.", _diff(before.splitlines(), after.splitlines())
    if [name for name, _ in then] != [name for name, _ in now]:
        return f"the text is the same, in other events: {len(now)} of them, and there were {len(then)}.", ""
    pairs = zip(key_of(then), key_of(now), strict=True)
    kinds = list(dict.fromkeys(one[0] for one, other in pairs if one != other))
    said = "the text is cut otherwise" if kinds == ["text"] else f"what {_listed(kinds)} events say is not"
    return f"the text is the same, but {said}.", ""


def _fails(events: Sequence[Event]) -> bool:
    return any(name == "error" for name, _ in events) or not events


def _parsed(data: str) -> dict[str, Any]:
    try:
        parsed = json.loads(data)
    except ValueError:
        return {"raw": data}
    return parsed if isinstance(parsed, dict) else {"raw": parsed}


def _settled(name: str, data: dict[str, Any]) -> dict[str, Any]:
    if name == "file":
        return {key: "" if key in ("url", "inline_ref") else value for key, value in data.items()}
    if name in ("text", "replace_response") and isinstance(data.get("text"), str):
        return {**data, "text": _REF.sub("[ref]", data["text"])}
    return data


def _diff(before: list[str], after: list[str]) -> str:
    lines = [
        line if len(line) <= 160 else f"{line[:160]}…"
        for line in difflib.unified_diff(before, after, lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    return "\n".join([*lines[:_MOST], *([f"… and {len(lines) - _MOST} more lines"] if len(lines) > _MOST else [])])


def _listed(words: Sequence[object]) -> str:
    *first, last = [str(word) for word in words] or ["nothing"]
    return f"{', '.join(first)} and {last}" if first else last
