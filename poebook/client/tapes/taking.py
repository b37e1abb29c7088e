"""From what a conversation knows of its answers to a tape's turns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from poebook.client.answer import Answer
from poebook.client.conversation import Conversation
from poebook.client.dialogue import Dialogue
from poebook.client.filestore import store
from poebook.client.nested import NestedCall
from poebook.client.refusals import masked
from poebook.client.tapes.tape import TapeCall, TapeEvent, TapeFile, TapeTurn
from poebook.client.trace import Asked
from poebook.protocol import QueryRequest

_SECRET = ("access_key", "api_key", "bot_query_id")  # keys, and what only the asker's books know
INLINE = 64 * 1024  # bytes of a file that a tape carries with it


def turns_of(conversation: Conversation) -> list[TapeTurn]:
    """The shown answers of which it is known how they came; those under way are left out."""
    dialogue = conversation._dialogue

    def take() -> list[TapeTurn]:
        shown = [answer["id"] for turn in dialogue.tree.turns() for answer in turn["answers"]]
        taken = (turn_of(dialogue, id) for id in shown)
        return [turn for turn in taken if turn is not None]

    return conversation._portal.do(take)


def turn_of(dialogue: Dialogue, id: str) -> TapeTurn | None:
    """One answer, if it has ended and it is known how it came. On the portal's loop."""
    answer, asked, shown = dialogue.answers.get(id), dialogue.answering.asked.get(id), dialogue.tree.answer(id)
    if answer is None or asked is None or answer.state == "streaming":
        return None
    turn = made(asked, answer)
    if shown is None:
        return turn
    return TapeTurn(
        **{
            **turn.__dict__,
            "feedback": shown["feedback"],
            "reason": shown["reason"],
            "reactions": tuple(shown["reactions"]),
        }
    )


def made(asked: Asked, answer: Answer) -> TapeTurn:
    """A turn from one request and its answer."""
    key = asked.target.key
    request = parsed_body(asked.body, key)
    return TapeTurn(
        target=answer.target,
        request=request,
        events=[
            TapeEvent(event.name, masked(event.raw, key), event.s) for event in answer.events if event.name != "ping"
        ],
        calls=calls_of(asked.heard.calls, key),
        files=list(files_in(request)),
        end=answer.state,
        error=answer.error.title if answer.error else None,
        total_s=answer.total_s,
        at=asked.at.isoformat(timespec="seconds"),
    )


def calls_of(calls: Iterable[NestedCall], key: str | None) -> list[TapeCall]:
    """What a handler asked of other bots."""
    return [
        TapeCall(
            call.bot,
            parsed_body(call.body, key),
            [TapeEvent(name, masked(data, key), s) for name, data, s in call.events if name != "ping"],
            call.end,
            call.error,
            call.status,
            call.total_s,
        )
        for call in list(calls)
    ]


def parsed_body(body: bytes, key: str | None) -> dict[str, Any]:
    """A request's body as JSON, without keys and without what every request is when nobody says otherwise.

    >>> parsed_body(b'{"type": "query", "query": [], "api_key": "secret", "temperature": null}', None)
    {'type': 'query', 'query': []}
    """
    text = masked(body.decode("utf-8", "replace"), key)
    with suppress(ValueError, RecursionError):
        parsed = json.loads(text)
        if isinstance(parsed, dict):
            return {name: value for name, value in parsed.items() if name not in _SECRET and not _is_usual(name, value)}
    return {"body": text}


def _is_usual(name: str, value: object) -> bool:
    """Whether a request's field is as it is when nobody says otherwise."""
    field = QueryRequest.model_fields.get(name)
    return field is not None and not field.is_required() and value == field.get_default(call_default_factory=True)


def files_in(request: Mapping[str, Any]) -> Iterator[TapeFile]:
    """The files of a request's last message, with the bytes of those that are here and small."""
    query = request.get("query")
    last = query[-1] if isinstance(query, list) and query else None
    attachments = last.get("attachments") if isinstance(last, dict) else None
    for file in attachments if isinstance(attachments, list) else ():
        url, kind, name = (str(file.get(field, "")) for field in ("url", "content_type", "name"))
        ids = urlsplit(url).path.split("/")
        stored = next((found for id in ids if (found := store.find(id)) is not None), None)
        if stored is None:
            yield TapeFile(url, name, kind)
        else:
            data = stored.read() if stored.size <= INLINE else None
            yield TapeFile(url, name, kind, stored.size, data)
