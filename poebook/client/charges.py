"""What an answer cost and whom it asked, in words: pure."""

from __future__ import annotations

from poebook.client.platform import Call
from poebook.client.targets import CallState


def cost_of(call: Call) -> str | None:
    """What a call cost with all that were made for it; None where nothing was charged.

    >>> cost_of(Call("main", "u-1", cost=1500, children=[Call("helper", "u-1", cost=20)]))
    '$0.0152'
    """
    whole = sum(one.cost for one in call.within())
    return dollars(whole) if whole else None


def calls_of(call: Call) -> list[CallState]:
    """The calls that were made for *call*, as a trace shows them."""
    return [
        {"target": child.bot, "cost": cost_of(child), "total_s": child.total_s, "calls": calls_of(child)}
        for child in call.children
    ]


def dollars(milli_cents: int) -> str:
    """Thousandths of a US cent in dollars.

    >>> dollars(20), dollars(100_000), dollars(123)
    ('$0.0002', '$1', '$0.00123')
    """
    return f"${milli_cents / 100_000:.5f}".rstrip("0").rstrip(".")
