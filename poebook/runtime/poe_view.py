"""What a local Poe knows, as Python: the ledger, the calls, the inbox, and what can be set."""

from __future__ import annotations

import secrets
import weakref
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from poebook.client.nearby import Neighbour
from poebook.client.platform import Call, Limits, Relay
from poebook.client.targets import Target
from poebook.runtime.doubles import Double, bot_of
from poebook.runtime.journal import Journal
from poebook.runtime.members import in_process
from poebook.runtime.watching import Question
from poebook.standin.faults import Faults
from poebook.standin.members import Member
from poebook.standin.purse import Entry
from poebook.standin.state import Describe, Note, State

if TYPE_CHECKING:
    from poebook.client.answer import Answer


def made_key() -> str:
    """A new key for people.

    >>> made_key()[:6]
    'local-'
    """
    return f"local-{secrets.token_urlsafe(24)}"


_running: weakref.WeakSet[PoeView] = weakref.WeakSet()  # the local Poes of this process


def question_of(id: str) -> Question | None:
    """The question with this ``bot_query_id``, whichever local Poe of this process put it."""
    for poe in list(_running):
        call = poe._state.calls.find(id) if id else None
        if call is not None:
            return Question(call, poe.neighbour, False)
    return None


class PoeView(ABC):
    """What every local Poe shows of its state."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.journals: dict[str, Journal] = {}  # of bots that it asks in this process
        _running.add(self)

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
    def describe(self) -> Describe | str | None:
        """What describes pictures for bots that want it: a function of name and bytes, or a bot's name."""
        return self._state.describe

    @describe.setter
    def describe(self, describe: Describe | str | None) -> None:
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

    # -- bots -------------------------------------------------------------------------------------------------

    def double(self, name: str, answers: object) -> Self:
        """Let *answers* (see ``Double``) stand in for the bot of that name. Raises ServeError when it is taken."""
        given = answers if isinstance(answers, Double) else Double(answers)
        self._admit(in_process(name, bot_of(given.answers, name), self, self.journals))
        if given.faults is not None:
            self._state.faults[name] = given.faults
        return self

    @property
    @abstractmethod
    def base_url(self) -> str:
        """Where it is."""

    @property
    @abstractmethod
    def api_key(self) -> str:
        """The key that people show."""

    @abstractmethod
    def asked(self, name: str, request: object) -> Question | None:
        """What is known of a question to one of its bots; None for one that comes from the real Poe."""

    @abstractmethod
    def _admit(self, member: Member) -> None:
        """Know this bot too. Raises ServeError when its name is taken."""

    def neighbour(self) -> Neighbour:
        """Where handlers of its bots find it."""
        return Neighbour(self.base_url, self.api_key)

    def ask(self, name: str, text: str, **options: Any) -> Answer:  # the options are those of Conversation.ask
        """The answer of a bot to *text*, in a new conversation with this Poe.

        >>> from poebook import LocalPoe, PoeBot
        >>> with LocalPoe({"greeter": PoeBot()}) as poe:
        ...     poe.ask("greeter", "anybody there?").text
        'hello'
        """
        from poebook.client.conversation import Conversation

        answer: Answer = Conversation(self.target(name)).ask(text, **options)
        return answer

    def target(self, name: str) -> Target:
        """How a bot is asked through this Poe: a target of conversations and chats."""
        member = self._state.member(name)
        url = f"{self.base_url}bot/{quote(member.name, safe='')}"
        return Target(name, member.name, "on the local Poe", url, "url", self.api_key, fault=member.target.fault)

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
