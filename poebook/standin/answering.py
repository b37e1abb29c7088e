"""One question to one bot: allowed, prepared, asked, and its answer passed on within the limits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

from poebook.client.events import open_batches
from poebook.client.platform import Assumed, Call, Limits, Relay, body_of, prepared
from poebook.client.platform.query import is_image
from poebook.errors import BotError, PoebookError
from poebook.protocol import Attachment, ProtocolMessage, QueryRequest
from poebook.standin import faults
from poebook.standin.files import texts_of
from poebook.standin.members import Member
from poebook.standin.refused import Refused
from poebook.standin.state import Asker, State
from poebook.wire.ids import new_id
from poebook.wire.sse import ServerSentEvent

PING_EVERY_S = 15.0
_LATE_S = 0.5
_AHEAD = 8  # pieces that the bot may be ahead of its reader


async def begin(state: State, asker: Asker, member: Member, request: QueryRequest) -> Answering:
    """The answer to be, once it is sure that the question may be put. Raises Refused."""
    fault = state.draw_fault(member.name)
    faults.refuse(fault)
    parent = state.parent_of(asker, request.bot_query_id)
    caller = state.roster.find(parent.bot) if parent is not None else None
    if parent is not None and caller is not None:
        await _allow(state, caller, parent, member.name)
    settings = await state.assumed(member)
    message_id = request.message_id or new_id("m")
    user = request.user_id or asker.user
    call = state.calls.open(member.name, user, message_id=message_id, parent=parent)
    try:
        ready = await _ready(state, member, settings, call, request)
    except BaseException:
        call.total_s, call.outcome = 0.0, "failed"
        raise
    return Answering(state, member, call, ready, fault)


async def _ready(state: State, member: Member, settings: Assumed, call: Call, request: QueryRequest) -> QueryRequest:
    """The request as it goes out; Poe itself sees to those that go there."""
    if member.foreign:
        return request
    recalled = [_recalled(message, state) for message in request.query]
    ids = {"user_id": call.user, "message_id": call.message_id, "bot_query_id": call.id}
    return await _prepared(state, member, settings, request.model_copy(update={"query": recalled, **ids}))


async def _allow(state: State, caller: Member, parent: Call, name: str) -> None:
    """Refuse a call that the caller may not make, or warn of it where limits are not enforced."""
    parent.declared = (await state.assumed(caller)).server_bot_dependencies
    undeclared = state.calls.undeclared(parent, name)
    if undeclared is not None:
        parent.problems.append(undeclared)
        state.tell(caller, undeclared, parent.message_id)
        if state.limits.enforce:
            raise Refused(403, undeclared)
    endless = state.calls.endless(parent, name, state.limits)
    if endless is not None:
        parent.problems.append(endless)
        state.tell(caller, endless, parent.message_id)
        raise Refused(403, endless)


async def _prepared(state: State, member: Member, settings: Assumed, request: QueryRequest) -> QueryRequest:
    wanted = [file for file in request.query[-1].attachments if _is_wanted(file, settings)]
    eyes = state.describe if isinstance(state.describe, str) else None
    texts = await texts_of(state, member, [file for file in wanted if eyes is None or not is_image(file)])
    for file in wanted:
        if eyes is not None and is_image(file):
            texts[file.url] = f"{file.name}***{await _seen(state, eyes, file)}"
    return prepared(
        request,
        settings,
        bot_name=member.name,
        now_us=int(state.clock() * 1_000_000),
        limits=state.limits,
        read=lambda file: texts.get(file.url),
    )


async def _seen(state: State, eyes: str, file: Attachment) -> str:
    """What the bot that describes pictures says of one."""
    message = ProtocolMessage(role="user", content="Describe this picture.", attachments=[file])
    ids = {"user_id": state.user, "conversation_id": "", "message_id": ""}
    request = QueryRequest(version="1.2", type="query", query=[message], **ids)
    asked = await begin(state, Asker(state.user, ""), state.member(eyes), request)
    async for _ in asked.events():
        pass
    return asked.relay.text


def _is_wanted(file: Attachment, settings: Assumed) -> bool:
    """Whether the bot wants the text of this file."""
    wanted = settings.enable_image_comprehension if is_image(file) else settings.expand_text_attachments
    return wanted and file.parsed_content is None


def _recalled(message: ProtocolMessage, state: State) -> ProtocolMessage:
    """The message with what its bot stored with it."""
    kept = state.metadata.get(message.message_id) if message.role == "bot" and message.metadata is None else None
    return message if kept is None else message.model_copy(update={"metadata": kept})


class Answering:
    """An answer under way; ``relay`` knows what has come so far."""

    def __init__(
        self, state: State, member: Member, call: Call, request: QueryRequest, fault: str | None = None
    ) -> None:
        self.state, self.member, self.call, self.request, self.fault = state, member, call, request, fault
        limits = _LIFTED if member.foreign else state.limits
        self.relay = Relay(limits, message_id=request.message_id)
        self._began = time.perf_counter()

    async def bytes(self) -> AsyncGenerator[bytes | None, None]:
        """The same as they travel, with whatever goes wrong on the way."""
        async with aclosing(self.events()) as events:
            async for piece in faults.spoiled(self.fault, events):
                yield piece

    async def events(self) -> AsyncGenerator[ServerSentEvent | None, None]:
        """The events that go on, ``done`` the last; None when it is time for a sign of life."""
        pieces: asyncio.Queue[Any] = asyncio.Queue(_AHEAD)  # lists of events, an error, or None at the end
        pump = asyncio.create_task(self._pump(pieces))
        try:
            while not self.relay.over:
                due = self.relay.due_s()
                wait = PING_EVERY_S if due is None else max(0.0, min(PING_EVERY_S, due - self._elapsed() + 0.001))
                try:
                    async with asyncio.timeout(wait):
                        piece = await pieces.get()
                except TimeoutError:
                    late = self._settled(self.relay.late(self._elapsed()))
                    for event in late:
                        yield event
                    if not late:
                        yield None
                    continue
                for event in self._passed_on(piece):
                    yield event
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.wait({pump})
            if self.call.total_s is None:
                self._close("left")

    def _passed_on(self, piece: Any) -> list[ServerSentEvent]:
        if piece is None:
            return self._settled(self.relay.end(self._elapsed()))
        if isinstance(piece, PoebookError):
            self.state.tell(self.member, str(piece), self.request.message_id)
            return self._settled(self.relay.cut(_reason(piece)))
        passed: list[ServerSentEvent] = []
        for event in piece:
            passed += self.relay.take(event, self._elapsed())
        return self._settled(passed)

    async def _pump(self, pieces: asyncio.Queue[Any]) -> None:
        target = self.member.target
        if self.fault == "slow":
            await asyncio.sleep((self.state.limits.first_event_s or 0.0) + _LATE_S)
        if self.fault == "twice":
            await self._ask_and_forget()
        batches = open_batches(
            target.url, body=body_of(self.request), bot_name=self.member.name, key=target.key, app=target.app
        )
        try:
            async with aclosing(batches):
                async for batch in batches:
                    await pieces.put(batch)
        except PoebookError as error:
            await pieces.put(error)
        else:
            await pieces.put(None)

    async def _ask_and_forget(self) -> None:
        """Send the bot the question, and take no notice of its answer."""
        target, body = self.member.target, body_of(self.request)
        with suppress(PoebookError):
            async for _ in open_batches(
                target.url, body=body, bot_name=self.member.name, key=target.key, app=target.app
            ):
                pass

    def _settled(self, events: list[ServerSentEvent]) -> list[ServerSentEvent]:
        """*events*, after what follows from the end of the answer, so that who has the answer finds it in the books."""
        if self.relay.over and self.call.total_s is None:
            self._close("failed" if self.relay.failed else "done")
        return events

    def _close(self, outcome: str) -> None:
        state, relay, call = self.state, self.relay, self.call
        call.total_s, call.outcome = self._elapsed(), outcome
        call.problems += [words for words in relay.warnings if words not in call.problems]
        state.remember(self.request.message_id, relay.metadata)
        if self.member.foreign:
            return
        for warning in relay.warnings:
            if not state.limits.enforce:
                state.tell(self.member, warning, self.request.message_id)
        for report in relay.reports:
            state.report(self.member, report.message, report.metadata)
        if relay.refetch:
            state.later(state.fetch_settings(self.member))

    def _elapsed(self) -> float:
        return time.perf_counter() - self._began


def _reason(error: PoebookError) -> str:
    """What whoever asked is told of a bot that cannot be asked."""
    status = error.status if isinstance(error, BotError) else None
    return "The bot did not answer." if status is None else f"The bot answered with status {status}."


_LIFTED = replace(
    Limits(), first_event_s=None, total_s=None, events=None, characters=None, messages=None, enforce=False
)
