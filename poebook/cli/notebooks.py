"""The bots of a notebook, without a kernel: its cells are run in order, those that begin with ``%%poebot`` are bots."""

from __future__ import annotations

import ast
import asyncio
import inspect
import itertools
import json
import linecache
import shlex
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from poebook.cli.failure import Failure
from poebook.errors import ServeError
from poebook.faults import Fault
from poebook.runtime.bots import instance_of
from poebook.runtime.introduction import introduce
from poebook.runtime.service.modules import beside
from poebook.server.bot import PoeBot
from poebook.server.functions import HOOKS, bot_from_functions


def bots_of(file: Path) -> dict[str, PoeBot]:
    """The bots of a notebook by name. Lines of magics and commands are left out, cells of other magics too.

    Raises Failure when it is no notebook, and with the author's traceback when a cell fails.
    """
    try:
        cells = json.loads(file.read_text(encoding="utf-8-sig"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except FileNotFoundError:
        raise Failure(f"poebook: There is no file {file}.{beside(file)}", 2) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise Failure(f"poebook: {file} is no notebook that can be read.", 2) from None
    module = ModuleType(file.stem)
    module.__dict__.update(__file__=str(file), fp=import_module("poebook"))
    sys.modules[file.stem] = module
    bots: dict[str, PoeBot] = {}
    for number, source in enumerate(sources, 1):
        head, _, body = source.lstrip().partition("\n")
        if head.startswith("%%poebot"):
            before = dict(vars(module))
            value = _run(f"\n{body}", module, f"{file.name}, code cell {number}")
            name, bot = _bot(vars(module), before, value, _named(head), f"{file.name}, code cell {number}")
            introduce(bot, _introduction(head))
            bots[name] = bot
        elif not head.startswith("%%"):
            _run(source, module, f"{file.name}, code cell {number}")
    if not bots:
        raise Failure(f"poebook: {file} has no bot: no cell of it begins with %%poebot.", 2)
    return bots


def _named(head: str) -> str | None:
    """The name on the line of ``%%poebot``."""
    words = shlex.split(head)[1:]
    return words[0] if words and not words[0].startswith("-") else None


def _introduction(head: str) -> str | None:
    """What the line of ``%%poebot`` lets the bot say before anybody has asked."""
    words = shlex.split(head)
    for word, after in itertools.pairwise([*words, ""]):
        if word == "--introduction":
            return after
        if word.startswith("--introduction="):
            return word.partition("=")[2]
    return None


def _run(source: str, module: ModuleType, place: str) -> Any:
    """Run a cell; what its last line is worth."""
    plain = "\n".join("" if line.lstrip().startswith(("%", "!", "?")) else line for line in source.split("\n"))
    linecache.cache[place] = (len(plain), None, plain.splitlines(keepends=True), place)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        tree = ast.parse(plain, place)
        last = tree.body[-1].value if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        if last is not None:
            del tree.body[-1]
        _evaluate(compile(tree, place, "exec", flags), module)
        return None if last is None else _evaluate(compile(ast.Expression(last), place, "eval", flags), module)
    except Exception as error:
        raise Failure(Fault.of(error).traceback) from None


def _evaluate(code: Any, module: ModuleType) -> Any:
    value = eval(code, vars(module))
    return asyncio.run(_awaited(value)) if code.co_flags & inspect.CO_COROUTINE else value


async def _awaited(value: Any) -> Any:
    return await value


def _bot(
    names: dict[str, Any], before: dict[str, Any], value: object, name: str | None, place: str
) -> tuple[str, PoeBot]:
    """The bot that a cell is: by its last line, its last class, or its functions."""
    new = {key: one for key, one in names.items() if before.get(key) is not one}
    classes = [one for one in new.values() if isinstance(one, type) and issubclass(one, PoeBot)]
    try:
        if isinstance(value, PoeBot):
            return name or value.bot_name or type(value).__name__, value
        if classes:
            return name or classes[-1].__name__, instance_of(classes[-1])
        if name is not None and callable(new.get("get_response")):
            return name, bot_from_functions({hook: new[hook] for hook in HOOKS if callable(new.get(hook))}, name)
    except ServeError as error:
        raise Failure(f"poebook: {place}: {error}", 2) from None
    raise Failure(f"poebook: {place} begins with %%poebot and defines no bot.", 2)
