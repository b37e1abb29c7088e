"""What the two OpenAI doors share: who asks whom, and the answer whole or in pieces."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.requests import Request

from poebook.protocol import Attachment
from poebook.standin.answering import Answering, begin
from poebook.standin.doors.openai.prompt import Json, Keep, request_of
from poebook.standin.doors.openai.reply import Piece, Reply, tokens
from poebook.standin.filebox import TooLarge
from poebook.standin.refused import Refused
from poebook.standin.state import Asker, State


class Asked:
    """A question under way: ``reply`` is what has come of the answer, ``headers`` go with whatever is sent."""

    def __init__(self, answering: Answering, headers: dict[str, str]) -> None:
        self.answering = answering
        self.headers = headers
        self.reply = Reply()

    async def whole(self) -> Reply:
        """The answer at its end. Raises Refused when it is an error."""
        async for _ in self.pieces():
            pass
        if self.reply.error is not None:
            raise self.reply.error
        return self.reply

    async def pieces(self) -> AsyncGenerator[Piece | None, None]:
        """The answer as it comes; None is a sign of life."""
        async with aclosing(self.answering.events()) as events:
            async for event in events:
                if event is None:
                    yield None
                    continue
                for piece in self.reply.take(event):
                    yield piece

    def counted(self) -> tuple[int, int]:
        """About how many tokens the question and the answer have."""
        asked = sum(tokens(message.content) for message in self.answering.request.query)
        said = self.reply.text + "".join(call.name + call.arguments for call in self.reply.calls.values())
        return asked, tokens(said)


def admitted(state: State, request: Request) -> tuple[Asker, dict[str, str]]:
    """Who asks, and the headers about the rate of requests. Raises Refused."""
    asker = state.asker(request.headers.get("authorization"))
    return asker, state.take_turn(asker)


async def ask(
    state: State, asker: Asker, headers: dict[str, str], body: Json, messages: Any, tools: Any
) -> Asked:  # parsed JSON
    """Put the question. Raises Refused."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise Refused(400, "model: the name of a bot is missing.")
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise Refused(400, "messages: a list of messages is missing.")
    if not isinstance(tools, list):
        raise Refused(400, "tools: a list is wanted.")
    member = state.member(model)
    question = request_of(body, messages, tools, _keeper(state))
    return Asked(await begin(state, asker, member, question), headers)


def _keeper(state: State) -> Keep:
    """Where the files in a question are put."""
    limits = state.limits

    def keep(name: str, data: bytes, kind: str | None) -> Attachment:
        expires = None if limits.file_s is None else state.clock() + limits.file_s
        try:
            kept = state.files.keep(name, io.BytesIO(data), said=kind, expires=expires, most=limits.upload_bytes)
        except TooLarge as error:
            raise Refused(413, str(error)) from None
        return Attachment(url=state.base_url() + kept.place, content_type=kept.content_type, name=name)

    return keep
