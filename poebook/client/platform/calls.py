"""Who asked whom for which message: a tree for each question, with the calls that each bot declared."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from poebook.client.platform.limits import Limits
from poebook.wire.ids import new_id

_KEPT = 2000


@dataclass(eq=False)
class Call:
    """One question to one bot. ``id`` is its ``bot_query_id``; ``parent`` the call for which it was made.

    ``cost`` is what was charged for it, in thousandths of a US cent, without what its own calls were charged.
    """

    bot: str
    user: str
    message_id: str = ""
    id: str = field(default_factory=lambda: new_id("q"))
    parent: Call | None = None
    declared: Mapping[str, int] = field(default_factory=dict)
    children: list[Call] = field(default_factory=list)
    cost: int = 0
    total_s: float | None = None
    outcome: str = "answering"  # then done, failed or left
    problems: list[str] = field(default_factory=list)

    @property
    def root(self) -> Call:
        return self if self.parent is None else self.parent.root

    @property
    def chain(self) -> list[str]:
        """The bots from the one that the user asked down to this one."""
        return [*(self.parent.chain if self.parent else ()), self.bot]

    def within(self) -> Iterator[Call]:
        """This call and all that were made for it."""
        yield self
        for child in self.children:
            yield from child.within()

    def lines(self) -> list[str]:
        """The tree, a line a call.

        >>> root = Call("main", "u-1", total_s=1.5, outcome="done")
        >>> root.children.append(Call("helper", "u-1", parent=root, cost=20, total_s=0.5, outcome="done"))
        >>> print("\\n".join(root.lines()))
        main: done after 1.5 s
        └─ helper: done after 0.5 s, $0.0002
        """
        after = "" if self.total_s is None else f" after {self.total_s:.1f} s"
        lines = [f"{self.bot}: {self.outcome}{after}{f', {price(self.cost)}' if self.cost else ''}"]
        lines += [f"   {problem}" for problem in self.problems]
        for child in self.children:
            (first, *rest), last = child.lines(), child is self.children[-1]
            lines.append(f"{'└─ ' if last else '├─ '}{first}")
            lines += [f"{'   ' if last else '│  '}{line}" for line in rest]
        return lines


def price(milli_cents: int) -> str | None:
    """An amount in thousandths of a US cent, in words; None for nothing.

    >>> price(1_250), price(200_000)
    ('$0.0125', '$2')
    """
    return f"${milli_cents / 100_000:.5f}".rstrip("0").rstrip(".") if milli_cents else None


class Calls:
    """The calls of late, found by their ids. May be used from any thread.

    >>> calls = Calls()
    >>> root = calls.open("main", "u-1", declared={"helper": 1})
    >>> calls.undeclared(root, "helper") is None
    True
    >>> child = calls.open("helper", "u-1", parent=root)
    >>> calls.undeclared(root, "helper")
    'main declares 1 call of helper a message in server_bot_dependencies, and this is one more.'
    """

    def __init__(self) -> None:
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._lock = threading.Lock()

    def open(
        self,
        bot: str,
        user: str,
        *,
        message_id: str = "",
        parent: Call | None = None,
        declared: Mapping[str, int] | None = None,
    ) -> Call:
        """Begin a call."""
        call = Call(bot, user, message_id, parent=parent, declared=dict(declared or {}))
        with self._lock:
            self._calls[call.id] = call
            while len(self._calls) > _KEPT:
                self._calls.popitem(last=False)
            if parent is not None:
                parent.children.append(call)
        return call

    def find(self, id: str) -> Call | None:
        """The call with this ``bot_query_id``."""
        return self._calls.get(id)

    def newest_of(self, bots: Iterable[str]) -> Call | None:
        """The newest call of one of these bots that is under way."""
        names = set(bots)
        with self._lock:
            return next((c for c in reversed(self._calls.values()) if c.bot in names and c.total_s is None), None)

    @property
    def roots(self) -> list[Call]:
        """What users asked, oldest first."""
        with self._lock:
            return [call for call in self._calls.values() if call.parent is None]

    def of_message(self, message_id: str) -> Call | None:
        """The newest call that made this message; calls that were made for it bear the same id."""
        with self._lock:
            found = [c for c in self._calls.values() if c.message_id == message_id]
        return next((call for call in reversed(found) if call.parent not in found), None)

    def undeclared(self, caller: Call, name: str) -> str | None:
        """Why *caller* may not call the bot *name* by what it declared; None when it may."""
        if name not in caller.declared:
            words = f"{caller.bot} does not declare {name} in server_bot_dependencies, so it may not call it."
            return f'{words} Let get_settings return {{"{name}": 1}} there.'
        made, most = Counter(child.bot for child in caller.children)[name], caller.declared[name]
        if made < most:
            return None
        calls = "1 call" if most == 1 else f"{most} calls"
        return f"{caller.bot} declares {calls} of {name} a message in server_bot_dependencies, and this is one more."

    def endless(self, caller: Call, name: str, limits: Limits) -> str | None:
        """Why the bots that call each other for one message may not go on; None when they may."""
        chain = [*caller.chain, name]
        if limits.depth is not None and len(chain) > limits.depth:
            return f"Bots may call each other {limits.depth} deep, and this went on: {' → '.join(chain)}."
        if limits.calls is not None and sum(1 for _ in caller.root.within()) > limits.calls:
            return f"One message may lead to {limits.calls} calls of other bots, and this is one more."
        return None
