"""The manual's examples, carried out: bots from source, and what they put on the wire."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

import poebook as fp
from poebook.server.functions import bot_from_functions


def bot_of(source: str, name: str) -> fp.PoeBot:
    """The bot that a cell with *source* defines by its functions."""
    names: dict[str, Any] = {"fp": fp}
    exec(compile(source, f"<{name}>", "exec"), names)
    return bot_from_functions(names, name)


def answer(source: str, question: str) -> fp.Answer:
    """What the bot of *source* answers to *question*."""
    found = fp.Conversation(bot_of(source, "example")).ask(question)
    assert isinstance(found, fp.Answer)
    return found


def conversation(source: str, name: str, question: str) -> dict[str, Any]:
    """The state of a conversation in which the bot of *source*, called *name*, was asked *question*."""
    with fp.serve(bot_of(source, name), name) as served:
        served.conversation.ask(question)
        return dict(served.conversation.snapshot())


def shown(expression: str, answer: fp.Answer) -> str:
    """What a cell with *expression* displays."""
    return repr(eval(expression, {"answer": answer, "fp": fp}))


def wire(source: str, question: str) -> str:
    """The bytes of the answer, as text."""
    return asyncio.run(_wire(bot_of(source, "example"), question))


async def _wire(bot: fp.PoeBot, question: str) -> str:
    message = {"role": "user", "content": question, "content_type": "text/markdown"}
    body = {
        "version": "1.2",
        "type": "query",
        "query": [message],
        "user_id": "u-1",
        "conversation_id": "c-1",
        "message_id": "m-1",
    }
    transport = httpx.ASGITransport(app=fp.make_app(bot, allow_without_key=True))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as client:
        response = await client.post("/", content=json.dumps(body), headers={"content-type": "application/json"})
    return response.text.replace("\r\n", "\n").strip()
