"""The questions of an evaluation: texts, rows of a table, files, tapes."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poebook.client.tapes.keeping import read_tape
from poebook.client.tapes.matchers import Matcher
from poebook.client.tapes.tape import SUFFIX, TapeTurn
from poebook.errors import InvalidParameterError

_TEXT = ("text", "question", "prompt", "case")  # the columns that may hold the question
_OWN = {"expect", "attachments", "parameters"}
_WHAT = "Cases are texts, dicts with a `text`, a DataFrame, or the path of a .csv, .jsonl, .json or tape file"


@dataclass(frozen=True)
class Case:
    """A question: what goes with it, what is expected, further columns for the table.

    ``turn`` is the recorded one that a case of a tape was, which is asked with its history.
    """

    text: str
    attachments: Any = ()  # as Conversation.ask takes them
    parameters: Mapping[str, Any] = field(default_factory=dict)
    expect: Matcher = None
    labels: Mapping[str, Any] = field(default_factory=dict)
    turn: TapeTurn | None = None

    @property
    def wanted(self) -> str | None:
        """The text that is expected word by word, or was recorded, if there is one."""
        if isinstance(self.expect, str):
            return self.expect
        return self.turn.text if self.turn is not None else None


def cases_of(cases: object) -> list[Case]:
    """All the cases. Raises InvalidParameterError for what are none, PoebookError for files that cannot be read.

    >>> [case.text for case in cases_of(["hi", {"text": "How high is the tide?", "expect": {"regex": "[0-9]"}}])]
    ['hi', 'How high is the tide?']
    """
    if isinstance(cases, Path) or (isinstance(cases, str) and Path(cases).suffix in _READERS):
        return _of_file(Path(cases))
    if isinstance(cases, str | Mapping):
        return [_case(cases, 1)]
    to_dict = getattr(cases, "to_dict", None)
    if callable(to_dict):
        return [_case(row, number) for number, row in enumerate(to_dict("records"), 1)]
    if not isinstance(cases, Iterable):
        raise InvalidParameterError(f"{_WHAT}; this is a {type(cases).__name__}.")
    return [_case(one, number) for number, one in enumerate(cases, 1)]


def _case(given: object, number: int) -> Case:
    if isinstance(given, Case):
        return given
    if isinstance(given, str):
        return Case(given)
    if not isinstance(given, Mapping):
        raise InvalidParameterError(f"{_WHAT}; case {number} is a {type(given).__name__}.")
    row = {str(name): value for name, value in given.items() if not _is_nothing(value)}
    column = next((name for name in _TEXT if name in row), None)
    if column is None:
        raise InvalidParameterError(f"Case {number} has no text; its question stands under `text`.")
    labels = {name: value for name, value in row.items() if name not in _OWN and name != column}
    return Case(
        str(row[column]),
        row.get("attachments", ()),
        _json(row.get("parameters", {}), number),
        _matcher(row.get("expect")),
        labels,
    )


def _of_file(path: Path) -> list[Case]:
    if path.name.endswith(SUFFIX):
        return _of_tape(path)
    read = _READERS.get(path.suffix)
    if read is None:
        raise InvalidParameterError(f"{_WHAT}; {path.name} is none of these.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = read(file)
    except OSError as error:
        raise InvalidParameterError(f"The cases {path} cannot be read: {error.strerror or error}.") from None
    except ValueError:
        raise InvalidParameterError(f"{path} cannot be read as {path.suffix[1:].upper()}.") from None
    if path.suffix == ".jsonl" and rows and isinstance(rows[0], dict) and "tape" in rows[0]:
        return _of_tape(path)
    return cases_of(rows)


def _of_tape(path: Path) -> list[Case]:
    return [Case(turn.question, turn=turn) for turn in read_tape(path).turns]


def _csv(file: Any) -> list[Any]:
    return [dict(row) for row in csv.DictReader(file)]


def _jsonl(file: Any) -> list[Any]:
    return [json.loads(line) for line in file if line.strip()]


def _list(file: Any) -> list[Any]:
    parsed = json.load(file)
    return parsed if isinstance(parsed, list) else [parsed]


_READERS: dict[str, Callable[[Any], list[Any]]] = {".csv": _csv, ".jsonl": _jsonl, ".json": _list}


def _matcher(expect: Any) -> Matcher:
    """A matcher as it stands in a cell of a table, where a mapping is written as JSON."""
    if isinstance(expect, str) and expect.lstrip().startswith("{"):
        with suppress(ValueError):
            return json.loads(expect)
    return expect


def _json(parameters: Any, number: int) -> Mapping[str, Any]:
    if isinstance(parameters, str):
        with suppress(ValueError):
            parameters = json.loads(parameters)
    if not isinstance(parameters, Mapping):
        raise InvalidParameterError(f"The parameters of case {number} are no mapping of names to values.")
    return parameters


def _is_nothing(value: object) -> bool:
    """Whether a cell of a table is empty."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))
