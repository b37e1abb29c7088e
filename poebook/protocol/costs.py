"""What a bot charges."""

from __future__ import annotations

import math
from typing import Any

from pydantic import field_validator

from poebook.protocol.model import Model


class CostItem(Model):
    """An amount in thousandths of a US cent; fractions are rounded up.

    >>> CostItem(amount_usd_milli_cents=12.2).amount_usd_milli_cents
    13
    """

    amount_usd_milli_cents: int
    description: str | None = None

    @field_validator("amount_usd_milli_cents", mode="before")
    @classmethod
    def _round_up(cls, amount: Any) -> Any:  # whatever the author gave
        if isinstance(amount, float) and math.isfinite(amount):
            return math.ceil(amount)
        if isinstance(amount, int):
            return amount
        raise ValueError("an amount is a number of thousandths of a US cent")
