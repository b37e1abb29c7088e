"""What bots charge, and whether it can be paid."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["authorize", "capture"]


@dataclass(frozen=True)
class Entry:
    """A line of the ledger; ``amount`` is in thousandths of a US cent."""

    bot: str
    user: str
    amount: int
    kind: Kind
    description: str | None = None
    bot_query_id: str = ""
    paid: bool = True  # False where there was not enough
    at: datetime = field(default_factory=datetime.now, compare=False)


class Purse:
    """What users have and have paid; ``funds`` is what each may spend in all (None: without end).

    >>> purse = Purse(funds=10)
    >>> purse.charge("capture", "tides", "u-1", [(7, None)]), purse.charge("capture", "tides", "u-1", [(7, None)])
    (True, False)
    >>> purse.left("u-1")
    3
    """

    def __init__(self, funds: int | None = None) -> None:
        self.funds = funds
        self.ledger: list[Entry] = []
        self._lock = threading.Lock()

    def charge(
        self, kind: Kind, bot: str, user: str, amounts: list[tuple[int, str | None]], bot_query_id: str = ""
    ) -> bool:
        """Write all *amounts* (each with its description) or, where there is not enough, that it was not."""
        with self._lock:
            left = self.left(user)
            paid = left is None or sum(amount for amount, _ in amounts) <= left
            self.ledger += [Entry(bot, user, amount, kind, words, bot_query_id, paid=paid) for amount, words in amounts]
            return paid

    def left(self, user: str) -> int | None:
        """What the user can still spend."""
        if self.funds is None:
            return None
        return self.funds - sum(e.amount for e in self.ledger if e.user == user and e.kind == "capture" and e.paid)
