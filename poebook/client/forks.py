"""Conversations that were forked by a click: kept under a name, since no variable holds them."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poebook.client.conversation import Conversation

_KEPT = 50

_numbers = itertools.count(1)
_forks: OrderedDict[str, Conversation] = OrderedDict()


def keep(conversation: Conversation) -> str:
    """Keep *conversation*; the name that finds it, such as ``fork-1``. The oldest are dropped first."""
    name = f"fork-{next(_numbers)}"
    _forks[name] = conversation
    while len(_forks) > _KEPT:
        _forks.popitem(last=False)
    return name


def find(name: object) -> Conversation | None:
    """The fork with this name."""
    return _forks.get(name) if isinstance(name, str) else None


def names() -> list[str]:
    """The names of what is kept, oldest first."""
    return list(_forks)
