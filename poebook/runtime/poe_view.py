"""What a local Poe knows, as Python: the ledger, the calls, the inbox, and what can be set."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from poebook.client.platform import Call, Limits, Relay
from poebook.standin.faults import Faults
from poebook.standin.purse import Entry
from poebook.standin.state import Describe, Note, State


def made_key() -> str:
    """A new key for people.

    >>> made_key()[:6]
    'local-'
    """
    return f"local-{secrets.token_urlsafe(24)}"


class PoeView:
    """What every local Poe shows of its state."""

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def names(self) -> list[str]:
        """Its bots."""
        return [member.name for member in self._state.roster.all()]

    @property
    def ledger(self) -> list[Entry]:
        """What bots have authorized and captured, oldest first; amounts in thousandths of a US cent."""
        return list(self._state.purse.ledger)

    @property
    def funds(self) -> int | None:
        """What each user may spend in all, in thousandths of a US cent; None is without end."""
        return self._state.purse.funds

    @funds.setter
    def funds(self, amount: int | None) -> None:
        self._state.purse.funds = amount

    @property
    def limits(self) -> Limits:
        """The limits that hold now."""
        return self._state.limits

    @limits.setter
    def limits(self, limits: Limits | Mapping[str, Any] | None) -> None:
        self._state.limits = Limits.of(limits)

    @property
    def describe(self) -> Describe | None:
        """What describes pictures for bots with ``enable_image_comprehension``: name and bytes to a text."""
        return self._state.describe

    @describe.setter
    def describe(self, describe: Describe | None) -> None:
        self._state.describe = describe

    @property
    def inbox(self) -> list[Note]:
        """What Poe would tell the bots' authors, oldest first."""
        return list(self._state.inbox)

    @property
    def calls(self) -> list[Call]:
        """What users asked, oldest first; ``.children`` are the calls that bots made for it."""
        return self._state.calls.roots

    def play_faults(
        self, name: str, faults: Sequence[str | None], *, seed: int | None = None, chance: float = 0.25
    ) -> None:
        """Let the next questions to a bot suffer *faults* in order, or by *chance* with a *seed*.

        What there is: slow, cut, split, 429, 500, insufficient_fund, error, error_no_retry, twice; None for none.
        """
        self._state.faults[self._state.member(name).name] = Faults(faults, seed=seed, chance=chance)

    def key_of(self, name: str) -> str | None:
        """The access key of a bot."""
        return self._state.member(name).key

    # -- for observers ----------------------------------------------------------------------------------------

    def meter(self, message_id: str) -> Relay:
        """What an answer that is not asked for through this Poe is measured by."""
        return Relay(replace(self.limits, enforce=False), message_id=message_id)

    def measured(self, name: str, meter: Relay) -> None:
        """Tell the author what Poe would have told, now that the answer has ended."""
        member = self._state.roster.find(name)
        if member is not None:
            for words in [*meter.warnings, *(report.message for report in meter.reports)]:
                self._state.tell(member, words, meter.message_id)
