"""The local Poe that stands nearer than the real one: for handlers that answer it, and for names that it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import NamedTuple


class Neighbour(NamedTuple):
    """A local Poe: where it is (ends in a slash), and the key that it takes."""

    base_url: str
    key: str

    def __repr__(self) -> str:
        return f"Neighbour({self.base_url!r})"


_answered: ContextVar[Callable[[], Neighbour] | None] = ContextVar("poebook_answered", default=None)
_by_name: Callable[[str], Neighbour | None] = lambda name: None  # noqa: E731  # a name that is set anew


@contextmanager
def answering(poe: Callable[[], Neighbour]) -> Iterator[None]:
    """What is asked of Poe inside is asked of *poe*; also in tasks and ``asyncio.to_thread`` begun inside.

    >>> with answering(lambda: Neighbour("http://127.0.0.1:8000/", "key")):
    ...     answered().base_url
    'http://127.0.0.1:8000/'
    """
    token = _answered.set(poe)
    try:
        yield
    finally:
        with suppress(ValueError):  # ended in another context, which never had it
            _answered.reset(token)


def answered() -> Neighbour | None:
    """The local Poe for which the code that runs now answers."""
    poe = _answered.get()
    return poe() if poe is not None else None


def set_neighbour(by_name: Callable[[str], Neighbour | None]) -> None:
    """Let *by_name* say at which local Poe the bot of a name is to be asked; None stands for Poe itself."""
    global _by_name
    _by_name = by_name


def neighbour_of(name: str) -> Neighbour | None:
    """Where the bot of that name is to be asked, when nobody said where Poe is."""
    return answered() or _by_name(name)
