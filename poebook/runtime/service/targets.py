"""The bots that a target names: ``module:Bot``, ``file.py``, a folder with a ``bot.py``, or a text with a name."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from poebook.errors import AuthorFault, InvalidSetup, ServeError, UnknownTarget
from poebook.faults import Fault
from poebook.runtime.bots import instance_of, name_of, nearly
from poebook.runtime.service.modules import beside, by_name, from_file, from_text, near
from poebook.runtime.service.spec import Source
from poebook.server.bot import PoeBot
from poebook.server.choosing import last_taken
from poebook.server.functions import HOOKS, bot_from_functions

BOT_FILE = "bot.py"
logger = logging.getLogger("poebook.service.targets")


@dataclass(frozen=True)
class Named:
    """A bot, and what it is called."""

    name: str
    bot: PoeBot


def bots_of(target: str, source: Source | None = None) -> list[Named]:
    """The bots that *target* names: the one after the colon, else those of the module.

    Of a module these are its list ``bots``, else every ``PoeBot`` object in it, else the last class of bots that it
    defines, else its ``get_response``. With *source* the module is that text. Raises UnknownTarget and InvalidSetup,
    and AuthorFault where the author's own code fails.
    """
    place, name = split(target)
    if source is not None:
        text = from_text(source.text, Path(place))
        return [Named(source.name, _one(vars(text).get("bot") or _only(text, place)))]
    module = module_at(place)
    if name:
        return [_named(_attribute(module, name, place), module)]
    listed = _listed(module)
    if listed is not None:
        return listed
    objects = [value for value in vars(module).values() if isinstance(value, PoeBot)]
    apart = list({id(one): one for one in objects}.values())
    return [Named(name_of(one), _one(one)) for one in apart] or [_named(_only(module, place), module)]


def one_bot(target: str) -> PoeBot:
    """The one bot that *target* names; the last one, where it holds several."""
    return bots_of(target)[-1].bot


def every_bot(target: str) -> dict[str, PoeBot]:
    """The bots of ``file.py`` or of a module, by name: its list ``bots``, else every bot in it.

    A class of its own counts where no object of it is there; ``get_response`` where there is no bot else.
    """
    module = module_at(target)
    listed = _listed(module)
    if listed is not None:
        return {one.name: one.bot for one in listed}
    return {name_of(bot): bot for bot in map(_one, _all_bots(module, target))}


def split(target: str) -> tuple[str, str]:
    """The place and the name behind its colon (a colon may also follow a drive's letter).

    >>> split("bots.py:Echo"), split("support-bot")
    (('bots.py', 'Echo'), ('support-bot', ''))
    """
    place, colon, name = target.rpartition(":")
    return (place, name) if colon and len(place) > 1 and "/" not in name and "\\" not in name else (target, "")


def file_of(target: str) -> Path | None:
    """The file that a target's bots are in; None for one that is named as ``import`` does.

    >>> file_of("bots.py:Echo") == Path.cwd() / "bots.py", file_of("package.bots:Echo")
    (True, None)
    """
    place = Path(split(target)[0])
    if place.suffix in (".py", ".ipynb"):
        return place.resolve()
    return place.resolve() / BOT_FILE if place.is_dir() else None


def module_at(place: str) -> ModuleType:
    """The module of a file, of a folder, or by its name."""
    path = Path(place)
    if place.endswith(".ipynb"):
        raise UnknownTarget(f"{place} is a notebook, and its cells were not handed over; `poebook serve` does that.")
    if place.endswith(".py"):
        return from_file(path)
    if path.is_dir() and ((path / BOT_FILE).is_file() or not (path / "__init__.py").is_file()):
        return from_file(_bot_file(path))
    if path.suffix and path.is_file():
        raise UnknownTarget(f"{place} is neither Python nor a notebook; name a file that ends in .py or .ipynb.")
    if path.name != place:  # no module's name has a slash
        raise UnknownTarget(f"There is no file and no folder {place}.{beside(path)}")
    return by_name(place)


def _bot_file(folder: Path) -> Path:
    file = folder / BOT_FILE
    if not file.is_file():
        others = sorted(one.name for one in folder.iterdir() if one.suffix in (".py", ".ipynb"))
        meant = near(BOT_FILE, others)
        hint = f" Did you mean {folder / meant}?" if meant else ""
        example = f" Name one of its files, as in {folder / others[0]}." if others and not meant else ""
        raise UnknownTarget(f"The folder {folder} has no {BOT_FILE}.{hint}{example}")
    return file


def _listed(module: ModuleType) -> list[Named] | None:
    """What the module's own list ``bots`` holds, if it has one."""
    listed = getattr(module, "bots", None)
    if isinstance(listed, Mapping):
        return [Named(str(name), _one(bot)) for name, bot in listed.items()]
    if isinstance(listed, list | tuple):
        return [Named(name_of(bot), bot) for bot in map(_one, listed)]
    return None


def _all_bots(module: ModuleType, place: str) -> Iterable[object]:
    values = list(vars(module).values())
    bots: list[object] = [value for value in values if isinstance(value, PoeBot)]
    made = {type(bot) for bot in bots}
    bots += [value for value in _own_classes(module) if value not in made]
    return bots or [_made(_only(module, place), module)]


def _own_classes(module: ModuleType) -> list[type[PoeBot]]:
    values = list(vars(module).values())
    return [v for v in values if isinstance(v, type) and issubclass(v, PoeBot) and v.__module__ == module.__name__]


def _named(found: object, module: ModuleType) -> Named:
    bot = _made(found, module)
    return Named(name_of(bot), bot)


def _made(found: object, module: ModuleType) -> PoeBot:
    if callable(found) and not isinstance(found, type | PoeBot):
        return _of_function(found, module)
    return _one(found)


def _one(bot: object) -> PoeBot:
    try:
        return instance_of(bot)
    except ServeError as error:
        raise InvalidSetup(str(error)) from None
    except Exception as error:
        raise AuthorFault(Fault.of(error).traceback) from None


def _attribute(module: ModuleType, name: str, place: str) -> object:
    found: object = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            meant = near(part, [one for one in vars(found) if not one.startswith("_")])
            hint = f" Did you mean {place}:{meant}?" if meant and "." not in name else ""
            raise UnknownTarget(f"{place} has no {name}.{hint}") from None
    return found


def _only(module: ModuleType, place: str) -> object:
    bots = [value for value in vars(module).values() if isinstance(value, PoeBot)]
    found = [*_own_classes(module), *bots]
    if found:
        _tell_which(found[-1], _own_classes(module), place)
        return found[-1]
    if callable(getattr(module, "get_response", None)):
        return _of_function(module.get_response, module)
    for value in vars(module).values():
        says = nearly(value) if isinstance(value, type) and value.__module__ == module.__name__ else None
        if says is not None:
            raise UnknownTarget(f"{place}: {says}")
    raise UnknownTarget(
        f"{place} defines no bot: write a class that subclasses fp.PoeBot, or a function get_response(request), in it; "
        f"or name a bot that it imports, as in {place}:Bot."
    )


def _tell_which(taken: object, classes: Iterable[type[PoeBot]], place: str) -> None:
    """Say which of several classes is taken; one that others are made from is not meant to be a bot by itself."""
    apart = list(dict.fromkeys(classes))
    meant = [one.__name__ for one in apart if not any(issubclass(other, one) for other in apart if other is not one)]
    if len(meant) > 1:
        which = last_taken(place, meant[:-1], meant[-1])
        logger.warning("%s; to have all, list them there: bots = [%s].", which, ", ".join(meant))


def _of_function(function: Any, module: ModuleType) -> PoeBot:
    """A bot of *function* and of the hooks that stand beside it."""
    beside = {hook: getattr(module, hook) for hook in HOOKS if callable(getattr(module, hook, None))}
    try:
        return bot_from_functions({**beside, "get_response": function}, module.__name__.rpartition(".")[2])
    except ServeError as error:
        raise InvalidSetup(str(error)) from None
