"""Bots named on the command line: ``module:Bot`` or ``file.py``."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from poebook.cli.failure import Failure
from poebook.errors import ServeError
from poebook.faults import Fault
from poebook.runtime.bots import instance_of, name_of
from poebook.server.bot import PoeBot
from poebook.server.functions import HOOKS, bot_from_functions


def load(spec: str) -> PoeBot:
    """The bot that *spec* names: ``module:Bot``, ``module``, ``file.py:Bot`` or ``file.py``.

    Without a name it is the module's one ``PoeBot`` object, else the last class of bots that it defines, else its
    ``get_response``.
    """
    place, _, name = spec.rpartition(":") if _has_name(spec) else (spec, "", "")
    if place.endswith(".ipynb"):
        raise Failure(f"poebook: notebooks cannot be served yet; `poebook lab` opens {place}.", 2)
    module = _from_file(Path(place)) if place.endswith(".py") else _by_name(place)
    found = _attribute(module, name, place) if name else _only(module, place)
    try:
        return instance_of(found) if not callable(found) or isinstance(found, type) else _of_function(found, module)
    except ServeError as error:
        raise Failure(f"poebook: {error}", 2) from None
    except Exception as error:
        raise Failure(Fault.of(error).traceback) from None


def every_bot(spec: str) -> dict[str, PoeBot]:
    """The bots of ``file.py`` or of a module, by name: its list ``bots``, else every bot in it.

    A class of its own counts where no object of it is there; ``get_response`` where there is no bot else.
    """
    module = _from_file(Path(spec)) if spec.endswith(".py") else _by_name(spec)
    listed = getattr(module, "bots", None)
    if isinstance(listed, Mapping):
        return {str(name): _made(bot) for name, bot in listed.items()}
    found: Iterable[object] = listed if isinstance(listed, list | tuple) else _all_bots(module, spec)
    return {name_of(bot): bot for bot in map(_made, found)}


def _all_bots(module: ModuleType, place: str) -> list[object]:
    values = list(vars(module).values())
    bots: list[object] = [value for value in values if isinstance(value, PoeBot)]
    made = {type(bot) for bot in bots}
    for value in values:
        is_own = isinstance(value, type) and issubclass(value, PoeBot) and value.__module__ == module.__name__
        if is_own and value not in made:
            bots.append(value)
    return bots or [_of_function(_only(module, place), module)]


def _made(bot: object) -> PoeBot:
    try:
        return instance_of(bot)
    except ServeError as error:
        raise Failure(f"poebook: {error}", 2) from None
    except Exception as error:
        raise Failure(Fault.of(error).traceback) from None


def _has_name(spec: str) -> bool:
    """Whether there is a name behind the last colon (which may also follow a drive's letter)."""
    place, colon, name = spec.rpartition(":")
    return bool(colon and len(place) > 1 and "/" not in name and "\\" not in name)


def _by_name(name: str) -> ModuleType:
    sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            hint = f" Did you mean {name}.py?" if Path(f"{name}.py").exists() else ""
            raise Failure(f"poebook: there is no module named {name} here.{hint}", 2) from None
        raise Failure(Fault.of(error).traceback) from None
    except Exception as error:
        raise Failure(Fault.of(error).traceback) from None


def _from_file(file: Path) -> ModuleType:
    if not file.is_file():
        raise Failure(f"poebook: there is no file {file}.", 2)
    sys.path.insert(0, str(file.resolve().parent))
    spec = importlib.util.spec_from_file_location(file.stem, file.resolve())
    assert spec is not None, "a .py file has a spec"
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise Failure(Fault.of(error).traceback) from None
    return module


def _attribute(module: ModuleType, name: str, place: str) -> object:
    found: object = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise Failure(f"poebook: {place} has no {name}.", 2) from None
    return found


def _only(module: ModuleType, place: str) -> object:
    values = vars(module).values()
    bots = [value for value in values if isinstance(value, PoeBot)]
    if bots:
        return bots[-1]
    own = [v for v in values if isinstance(v, type) and issubclass(v, PoeBot) and v.__module__ == module.__name__]
    if own:
        return own[-1]
    if callable(getattr(module, "get_response", None)):
        return module.get_response
    raise Failure(f"poebook: {place} defines no bot; name one, as in {place}:Bot.", 2)


def _of_function(function: Any, module: ModuleType) -> PoeBot:
    """A bot of *function* and of the hooks that stand beside it."""
    beside = {hook: getattr(module, hook) for hook in HOOKS if callable(getattr(module, hook, None))}
    return bot_from_functions({**beside, "get_response": function}, module.__name__.rpartition(".")[2])
