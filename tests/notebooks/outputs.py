"""Outputs in a form that is the same on every machine, and in a form that is the same in every run."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from tests.notebooks import tutorials
from tests.notebooks.tutorials import Notebook

# Widgets do not live in a file; the conversation in words, which stands beside each, does.
_LIVING = "application/vnd.jupyter.widget-view+json"

_ADDRESS = re.compile(r"\b127\.0\.0\.1:(\d+)\b(?!/readyz)")  # a container's own port is no address of this run
_ID = re.compile(r"\b([a-z])-[a-z0-9]{32}\b")
_FILE = re.compile(r"(/_?files/)[\w-]{20,}(?=/)")
_SECONDS = re.compile(r"(_s=)(\d+\.\d{3})\d+")

# What another run makes different, though nothing has changed.
_FLEETING = (
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "TIME"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DATE"),
    (re.compile(r"\b\d+(\.\d+)? (ms|s|min|kB|MB|events/s|characters/s)\b"), "FIGURE"),
    (re.compile(r"\b\d+\.\d{3,}(e-\d+)?"), "FIGURE"),
    (re.compile(r"\b\d+ms\b"), "FIGURE"),
    (re.compile(r"\bpython:3\.\d+"), "python:3"),  # the one that runs
    (re.compile(r"[-─━ \t]+"), " "),  # columns are as wide as what stands in them
)


def settle(notebook: Notebook) -> None:
    """Leave nothing of one machine or run in the outputs: no living widgets, and ports and ids from the beginning."""
    names = _Names()
    notebook["metadata"].pop("widgets", None)
    for number, cell in enumerate(tutorials.code_cells(notebook), start=1):
        cell["execution_count"] = number
        cell["metadata"].pop("execution", None)
        for output in cell["outputs"]:
            output.pop("transient", None)
            if "execution_count" in output:
                output["execution_count"] = number
            if "data" in output:
                output["data"].pop(_LIVING, None)
        cell["outputs"] = [_texts(output, names.of) for output in _joined(cell["outputs"])]


def _joined(outputs: list[Notebook]) -> list[Notebook]:
    """Printed text that follows printed text becomes one: where it is cut is chance."""
    joined: list[Notebook] = []
    for output in outputs:
        before = joined[-1] if joined else None
        if before is not None and output["output_type"] == "stream" and before.get("name") == output["name"]:
            before["text"] += output["text"]
        else:
            joined.append(output)
    return joined


class _Names:
    """Gives the addresses and ids of a notebook numbers, in the order in which they come."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, int]] = {}

    def of(self, text: str) -> str:
        text = _ADDRESS.sub(lambda found: f"127.0.0.1:{8080 + self._number('port', found[1])}", text)
        text = _ID.sub(lambda found: f"{found[1]}-{self._number(found[1], found[0]) + 1}", text)
        text = _FILE.sub(lambda found: f"{found[1]}{self._number('file', found[0]) + 1}", text)
        return _SECONDS.sub(r"\1\2", text)

    def _number(self, kind: str, name: str) -> int:
        known = self._seen.setdefault(kind, {})
        return known.setdefault(name, len(known))


def lasting(cell: Notebook) -> Any:
    """What the cell's outputs say in every run; of a cell that is random by its own word, only what kinds they are."""
    if tutorials.is_random(cell):
        return [(output["output_type"], sorted(output.get("data", ()))) for output in cell["outputs"]]
    return [_texts({**_as_it_is_seen(output), "metadata": {}}, _without_the_fleeting) for output in cell["outputs"]]


def _as_it_is_seen(output: Notebook) -> Notebook:
    """*output* without the words that are shown only where nothing richer can be."""
    data = output.get("data", {})
    richer = {kind: what for kind, what in data.items() if kind != "text/plain"}
    return {**output, "data": richer} if richer else output


def keep(old: Notebook, new: Notebook) -> None:
    """Give the cells of *new* whose outputs still say the same as in *old* their old outputs, figures and all."""
    before = {cell["id"]: cell for cell in tutorials.code_cells(old)}
    for cell in tutorials.code_cells(new):
        known = before.get(cell["id"])
        if known is not None and _is_run_alike(known, cell):
            cell["outputs"] = known["outputs"]


def _is_run_alike(old: Notebook, new: Notebook) -> bool:
    same = old["source"] == new["source"] and old["execution_count"] == new["execution_count"]
    return bool(same and lasting(old) == lasting(new))


def _without_the_fleeting(text: str) -> str:
    for pattern, instead in _FLEETING:
        text = pattern.sub(instead, text)
    return text.strip()


def _texts(value: Any, change: Callable[[str], str]) -> Any:  # an output is any JSON
    """A copy of *value* with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        changed = copy.copy(value)
        for name in value:
            changed[name] = _texts(value[name], change)
        return changed
    if isinstance(value, list):
        return [_texts(one, change) for one in value]
    return value
