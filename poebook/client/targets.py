"""What can be asked: a bot served here, a bot on Poe, a bot server at a URL, a ``PoeBot`` in this process."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypedDict, runtime_checkable
from urllib.parse import quote, urlsplit

from poebook.client.nearby import answered
from poebook.client.nested import claimed, ear_here, handling
from poebook.errors import InvalidKey, UnknownTarget
from poebook.faults import Fault, about

POE_BASE_URL = "https://api.poe.com/"

Kind = Literal["local", "poe", "url", "process"]


class CallState(TypedDict):
    """A bot that was asked while another answered; ``cost`` in words, ``total_s`` in seconds."""

    target: str
    cost: str | None
    total_s: float | None
    calls: list[CallState]


@runtime_checkable
class Askable(Protocol):
    """A bot that can be asked without a socket."""

    def asgi_app(self, *, observer: Any = None) -> Any:  # an ASGI application; the types belong to a floor above
        ...


@runtime_checkable
class HasTarget(Protocol):
    """Something that knows how it is asked, such as a served bot."""

    def target(self) -> Target: ...


@dataclass(frozen=True)
class Target:
    """Who is asked, and how.

    ``spec`` is what the caller wrote, ``name`` what people see, ``where`` a few words for the place it lives in.
    What the author may read of an answer is found by its message's id: ``fault`` an exception (that of the settings by
    the word ``settings``), ``log`` when what was printed and logged, ``calls`` the bots that were asked for it,
    ``price`` what it cost in words.

    >>> resolve("https://bots.example.org/orrery").where
    'bots.example.org'
    """

    spec: str
    name: str
    where: str
    url: str
    kind: Kind
    key: str | None = field(default=None, repr=False)
    app: Any = field(default=None, repr=False)  # an ASGI application, when asked in process
    fault: Callable[[str], Fault | None] | None = field(default=None, repr=False, compare=False)
    log: Callable[[str], list[tuple[datetime, str]]] | None = field(default=None, repr=False, compare=False)
    calls: Callable[[str], list[CallState]] | None = field(default=None, repr=False, compare=False)
    price: Callable[[str], str | None] | None = field(default=None, repr=False, compare=False)


class Directory(Protocol):
    """The bots that are served from this process."""

    def find(self, name: str) -> Target | None: ...

    def names(self) -> list[str]: ...


class _Nobody:
    def find(self, name: str) -> Target | None:
        return None

    def names(self) -> list[str]:
        return []


_directory: Directory = _Nobody()


def set_directory(directory: Directory) -> None:
    """Let *directory* say which bots live here."""
    global _directory
    _directory = directory


def local_names() -> list[str]:
    """The names of the bots served here."""
    return _directory.names()


def poe_base_url() -> str:
    """Where Poe is: what ``$POE_BASE_URL`` says, else the local Poe that a handler answers, else the real one."""
    if named := named_base_url():
        return named
    near = answered()
    return near.base_url if near is not None else POE_BASE_URL


def named_base_url() -> str | None:
    """What ``$POE_BASE_URL`` says, with a slash at its end."""
    named = os.environ.get("POE_BASE_URL")
    return f"{named.rstrip('/')}/" if named else None


def resolve(target: object, key: str | None = None) -> Target:
    """Who *target* is, by DESIGN's rules for targets; *key* is for URLs.

    Raises UnknownTarget when nobody by that name can be asked, InvalidKey when a ``$NAME`` key is not set.

    >>> resolve("https://bots.example.org/orrery", key="secret").name
    'orrery'
    """
    if isinstance(target, Target):
        return target
    if isinstance(target, HasTarget):
        return target.target()
    if isinstance(target, Askable):
        if isinstance(target, type):
            raise UnknownTarget(f"{target.__name__} is a class; make an instance of it to ask: {target.__name__}().")
        return _in_process(target)
    if not isinstance(target, str):
        given = type(target).__name__
        raise UnknownTarget(
            f"A {given} cannot be asked; a target is a bot's name, a URL or a PoeBot"
            + (" (make an instance of the class)." if isinstance(target, type) else ".")
        )
    spec = target.strip()
    scheme, _, rest = spec.partition(":")
    resolver = _SCHEMES.get(scheme.lower()) if rest else None
    if resolver is not None:
        return resolver(spec, rest.strip(), key)
    if not spec:
        raise UnknownTarget("The target is empty; name a bot, a URL or a PoeBot." + _who_runs())
    if "://" in spec:
        raise UnknownTarget(f"{spec} is no address that can be asked; a bot's begins with https:// or http://.")
    found = _directory.find(spec)
    return found if found is not None else _on_poe(spec, spec, None)


def _local(spec: str, name: str, key: str | None) -> Target:
    found = _directory.find(name)
    if found is None:
        raise UnknownTarget(f"No bot named {name} is served here.{_near(name)}{_who_runs()}")
    return found


def _on_poe(spec: str, name: str, key: str | None) -> Target:
    key, ear = os.environ.get("POE_API_KEY"), ear_here()
    if not key and not (ear is not None and ear.is_answering):
        set_it = "set POE_API_KEY (poe.com/api_key has yours)."
        if spec != name:  # poe:NAME
            raise UnknownTarget(f"{name} is a bot on Poe; to ask it, {set_it}")
        raise UnknownTarget(
            f"No bot named {name} is served here.{_near(name)}{_who_runs()} To ask {name} on Poe, {set_it}"
        )
    url = f"{poe_base_url()}bot/{quote(name, safe='')}"
    return Target(spec=spec, name=name, where="on Poe", url=url, kind="poe", key=key)


def _at_url(spec: str, rest: str, key: str | None) -> Target:
    parts = urlsplit(spec)
    if not parts.hostname:
        raise UnknownTarget(f"{spec} is no complete address; it should look like https://host/path.")
    if key and key.startswith("$"):
        named = os.environ.get(key[1:])
        if not named:
            raise InvalidKey(f"The environment variable {key[1:]} is not set, so there is no key for {parts.hostname}.")
        key = named
    name = parts.path.rstrip("/").rpartition("/")[2] or parts.netloc.rpartition("@")[2]
    where = parts.netloc.rpartition("@")[2]
    return Target(spec=spec, name=name, where=where, url=spec, kind="url", key=key)


def _in_process(bot: Askable) -> Target:
    name = str(getattr(bot, "bot_name", None) or type(bot).__name__)
    faults = _Faults(name)
    return Target(
        spec=name,
        name=name,
        where="in process",
        url="http://in-process/",
        kind="process",
        app=bot.asgi_app(observer=faults),
        fault=faults.by_message.get,
    )


class _Faults:
    """An observer that keeps what handlers raised, for the one who asks in the same process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.by_message: dict[str, Fault] = {}

    def around(self, bot: object, request: object) -> AbstractContextManager[None]:
        return handling(claimed(str(getattr(request, "message_id", "")), self._name))

    def started(self, bot: object, request: object) -> None: ...

    def event(self, bot: object, request: object, name: str, data: str) -> None: ...

    def ended(self, bot: object, request: object, outcome: str) -> None: ...

    def failed(self, bot: object, request: object, exc: BaseException) -> None:
        self.by_message[about(request)] = Fault.of(exc)


_SCHEMES: dict[str, Callable[[str, str, str | None], Target]] = {
    "local": _local,
    "poe": _on_poe,
    "http": _at_url,
    "https": _at_url,
}


def _near(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), [n.lower() for n in local_names()], n=1)
    real = next((n for n in local_names() if close and n.lower() == close[0]), None)
    return f" Did you mean {real}?" if real else ""


def _who_runs() -> str:
    names = local_names()
    return f" Served here: {', '.join(names)}." if names else " Nothing is served here yet."
