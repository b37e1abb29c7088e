"""Asking a target: the bodies that are sent, the events that come back, and what an end means."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Literal

from poebook.client.answer import AnswerError
from poebook.client.events import open_batches, post_json
from poebook.client.reading import EMPTY, NO_DONE, AnswerReader, Unreadable
from poebook.client.targets import Target
from poebook.errors import BotError, BotErrorNoRetry, PoebookError
from poebook.protocol import ProtocolMessage
from poebook.wire.sse import ServerSentEvent

_VERSION = "1.2"
_PATIENCE_S = 5  # for settings: a chat waits for them
_NOT_HAD = "The bot's settings could not be had"


def query(
    messages: list[ProtocolMessage],
    *,
    message_id: str,
    user_id: str,
    conversation_id: str,
    people: Mapping[str, str],
) -> bytes:
    """The body of a query: JSON, UTF-8. *people* are the ids of simulated users, by name."""
    body = {
        "version": _VERSION,
        "type": "query",
        "query": [message.model_dump(mode="json") for message in messages],
        "user_id": user_id,
        "conversation_id": conversation_id,
        "message_id": message_id,
        **({"users": [{"id": id, "name": name} for name, id in people.items()]} if people else {}),
    }
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def again(body: str, before: str, now: str) -> bytes:
    """A query's body as it was edited, for the answer *now* where it was for the answer *before*."""
    parsed = _parsed(body)
    if parsed.get("message_id") == before:
        body = json.dumps({**parsed, "message_id": now}, ensure_ascii=False)
    return body.encode("utf-8", "surrogatepass")


def question_of(body: str, otherwise: str) -> str:
    """The question that a query's body asks; *otherwise* where that cannot be told.

    >>> question_of('{"query": [{"role": "user", "content": "hi"}]}', "?")
    'hi'
    >>> question_of("nonsense", "?")
    '?'
    """
    messages = _parsed(body).get("query")
    last = messages[-1] if isinstance(messages, list) and messages else None
    words = last.get("content") if isinstance(last, dict) else None
    return words if isinstance(words, str) else otherwise


def _parsed(body: str) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def events(target: Target, body: bytes) -> AsyncGenerator[list[ServerSentEvent], None]:
    """The events as they come, together what came at once. Raises BotError when there is no answer to be had."""
    return open_batches(target.url, key=target.key, body=body, bot_name=target.name, app=target.app)


async def settings(target: Target) -> dict[str, Any] | None:
    """What the bot declares of itself; None where nobody can tell."""
    declared, _ = await met(target)
    return declared


async def met(target: Target) -> tuple[dict[str, Any] | None, AnswerError | None]:
    """What the bot declares of itself, or in words why that could not be had; neither of a bot on Poe."""
    if target.kind == "poe":
        return None, None
    try:
        async with asyncio.timeout(_PATIENCE_S):
            declared = await _post(target, {"type": "settings"})
    except TimeoutError:
        late = f"There was no answer within {_PATIENCE_S} seconds. Does `get_settings` wait for something?"
        return None, AnswerError(f"{_NOT_HAD}.", late)
    except PoebookError as error:
        raised = target.fault is not None and isinstance(error, BotError) and (error.status or 0) >= 500
        fault = target.fault("settings") if raised and target.fault is not None else None
        if fault is not None:
            return None, AnswerError(f"{_NOT_HAD}: {fault.summary}", fault=fault)
        why = _failure(target, error, False)
        return None, AnswerError(f"{_NOT_HAD}.", str(why))
    if isinstance(declared, dict):
        return declared, None
    return None, AnswerError(f"{_NOT_HAD}.", "The bot answered with something else than a JSON object.")


async def feedback(target: Target, kind: str, *, message_id: str, user_id: str, conversation_id: str) -> None:
    """Tell the bot what the user thinks of an answer, as Poe does. Bots on Poe take none from outside."""
    if target.kind != "poe":
        ids = {"message_id": message_id, "user_id": user_id, "conversation_id": conversation_id}
        await _post(target, {"type": "report_feedback", "feedback_type": kind, **ids})


async def reaction(target: Target, kind: str, *, message_id: str, user_id: str, conversation_id: str) -> None:
    """Tell the bot of a reaction to an answer, as Poe does. Bots on Poe take none from outside."""
    if target.kind != "poe":
        ids = {"message_id": message_id, "user_id": user_id, "conversation_id": conversation_id}
        await _post(target, {"type": "report_reaction", "reaction": kind, **ids})


async def _post(target: Target, body: dict[str, Any]) -> Any:
    whole = json.dumps({"version": _VERSION, **body}).encode()
    return await post_json(target.url, key=target.key, body=whole, bot_name=target.name, app=target.app)


def outcome(
    reader: AnswerReader, target: Target | None, trouble: BaseException | None
) -> tuple[Literal["done", "stopped", "error"], AnswerError | None, str | None]:
    """How an answer ended: its state, its error, and a note."""
    if isinstance(trouble, asyncio.CancelledError):
        return "stopped", None, None
    if target is None:
        return "error", AnswerError(str(trouble)), None
    fault = target.fault(reader.id) if target.fault is not None else None
    if trouble is not None:
        return "error", _failure(target, trouble, bool(reader.count)), None
    if reader.error is not None:
        if fault is not None:
            error = AnswerError(fault.summary, reader.error.title, reader.error.allow_retry, fault)
            return "error", error, None
        return "error", reader.error, None
    if not reader.done:
        return "done", None, NO_DONE
    return "done", None, None if reader.shown else EMPTY


def _failure(target: Target, trouble: BaseException, begun: bool) -> AnswerError:
    """In words, why there was no answer, or no more of it."""
    if isinstance(trouble, Unreadable):
        return AnswerError(str(trouble), "What came before it is kept." if begun else "")
    if isinstance(trouble, BotError):
        retry = not isinstance(trouble, BotErrorNoRetry)
        if trouble.status in (401, 403):
            return AnswerError(_refused(target), allow_retry=retry)
        return AnswerError(trouble.reason or str(trouble), allow_retry=retry)
    if isinstance(trouble, PoebookError):
        return AnswerError(str(trouble))
    return AnswerError(f"The answer could not be read: {type(trouble).__name__}.")


def _refused(target: Target) -> str:
    if target.kind == "poe":
        return f"Poe refused the key for {target.name}. Set POE_API_KEY to the one from poe.com/api_key."
    if target.key is None:
        return f"The bot at {target.where} wants a key. Set it with `key=`."
    return f"The bot at {target.where} refused the key. Set it with `key=`."
