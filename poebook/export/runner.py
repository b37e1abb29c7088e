"""A process of its own in which a bot is asked: one that was exported, or one in its whole notebook.

``python -m poebook.export.runner`` reads a job as JSON from stdin and writes what came of it to the job's ``result``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import linecache
import sys
import types
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from poebook.client.tapes import Tape, TapeTurn, read_tape, replay, turns_of, write_tape
from poebook.export.asking import settings_of
from poebook.export.bots import Found, find_bot, names_of
from poebook.export.notebooks import Cell
from poebook.export.statements import statements_of
from poebook.faults import Fault

Job = dict[str, Any]  # JSON, see `again` and `record`


def main() -> None:
    """Do the job that stdin tells of."""
    job: Job = json.loads(sys.stdin.read())
    try:
        done = {"again": again, "record": record}[job["do"]](job)
    except BaseException as error:  # whatever the author's code raises, SystemExit included
        done = {"failed": Fault.of(error).traceback, "summary": f"{type(error).__name__}: {error}".rstrip(": ")}
    Path(job["result"]).write_text(json.dumps(done, ensure_ascii=True), encoding="utf-8")


def again(job: Job) -> Job:
    """Import ``file``, serve its ``bot`` as ``name`` and play it the tape ``tape``, ``times`` over."""
    served = _serve(_imported(Path(job["file"])).bot, job["name"])
    tape = read_tape(job["tape"])
    rounds = [replay(tape, f"local:{job['name']}", strict=True, timeout=job["seconds"]) for _ in range(job["times"])]
    return {
        "settings": settings_of(served.name),
        "rounds": [
            [
                {
                    "number": turn.number,
                    "events": [[event.name, event.data] for event in turn.events],
                    "text": turn.text,
                    "error": str(turn.answer.error) if turn.answer.error is not None else None,
                    "says": list(turn.differences),
                }
                for turn in one.turns
            ]
            for one in rounds
        ],
    }


def record(job: Job) -> Job:
    """Run all ``cells`` as ``module``, ask the bot ``name`` the ``questions``, each by itself, and write a ``tape``."""
    cells = [Cell(**cell) for cell in job["cells"]]
    statements = statements_of(cells)
    bots = [find_bot(statements, cells, name) for name in dict.fromkeys([*names_of(cells), job["name"]])]
    failed = _run(cells, bots, job["module"])
    conversation = import_module("poebook.client.conversation").Conversation
    turns: list[TapeTurn] = []
    for question in job["questions"]:
        one = conversation(f"local:{job['name']}")
        with contextlib.suppress(Exception):  # an answer that failed is on the tape as well
            one.ask(question)
        turns += turns_of(one)
    write_tape(job["tape"], Tape(turns, target=job["name"]))
    return {"settings": settings_of(job["name"]), "cells": failed}


def _run(cells: Sequence[Cell], bots: Sequence[Found], name: str) -> list[str]:
    """Run the cells in one namespace, a module called *name*, and serve the bots; which cells failed.

    One that fails is passed over, as its reader did in the notebook.
    """
    module = types.ModuleType(name)
    module.__dict__.update(fp=import_module("poebook"))
    sys.modules[name] = module
    asyncio = import_module("asyncio")
    failed = []
    for cell in cells:
        try:
            _execute(cell.plain.text, str(cell), module, asyncio)
        except BaseException as error:
            failed.append(f"{cell}: {type(error).__name__}: {error}")
        for found in bots:
            if found.cell is cell:
                _execute(found.made.text, str(cell), module, asyncio, _making())
                _serve(module.bot, found.name, cell.options.get("introduction"))
    return failed


def _execute(text: str, place: str, module: types.ModuleType, asyncio: Any, more: Job | None = None) -> None:
    linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
    code = compile(text, place, "exec", flags=import_module("ast").PyCF_ALLOW_TOP_LEVEL_AWAIT)
    names = vars(module)
    names.update(more or {})
    waiting = eval(code, names)
    if waiting is not None:
        asyncio.run(waiting)


def _making() -> Job:
    return {"bot_from_functions": import_module("poebook.server.functions").bot_from_functions}


def _imported(file: Path) -> Any:
    """The module of *file*, under its own name."""
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None, "a .py file has a spec"
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def _serve(bot: Any, name: str, introduction: str | None = None) -> Any:
    """Serve from this process; the floor that does that stands beside this one, and is fetched when it is run."""
    return import_module("poebook.runtime.registry").serve(bot, name, port=0, introduction=introduction)


if __name__ == "__main__":
    main()
