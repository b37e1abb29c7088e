"""A bot that yields what it is asked for by name: one name, one form of answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable
from typing import Any

import fastapi_poe as fp
from fastapi import HTTPException
from sse_starlette import JSONServerSentEvent, ServerSentEvent

from tests.parity.bots.keys import KEY

SECRET = "words of the exception"
Bot = fp.PoeBot


def _text(text: str, **more: Any) -> fp.PartialResponse:
    return fp.PartialResponse(text=text, **more)


def _file(name: str = "x.csv", **more: Any) -> fp.Attachment:
    return fp.Attachment(url=f"https://files.example.org/{name}", content_type="text/csv", name=name, **more)


class Loud(fp.PartialResponse):
    volume: int = 11


class LoudMeta(fp.MetaResponse):
    volume: int = 11


class LoudData(fp.DataResponse):
    volume: int = 11


FORMS: dict[str, Callable[[], list[Any]]] = {
    "a text": lambda: [_text("hello")],
    "several texts": lambda: [_text("a"), _text("b"), _text(" c")],
    "an empty text": lambda: [_text("")],
    "nothing at all": list,
    "a text of many scripts": lambda: [_text('"é😀漢字 \\ \u2028\u2029\u0085\x00\x7f</script>')],
    "a text with line ends": lambda: [_text("a\nb\r\nc\rd\n\n")],
    "half of a surrogate pair": lambda: [_text("\ud83d")],
    "a long text": lambda: [_text("long " * 20_000)],
    "a thousand texts": lambda: [_text(str(number)) for number in range(1000)],
    "a replacement": lambda: [_text("a"), _text("b", is_replace_response=True)],
    "an empty replacement": lambda: [_text("a"), _text("", is_replace_response=True)],
    "a suggested reply": lambda: [_text("a"), _text("Go on?", is_suggested_reply=True)],
    "only suggested replies": lambda: [_text(one, is_suggested_reply=True) for one in "ab"],
    "a replacement that is a suggestion": lambda: [_text("a", is_suggested_reply=True, is_replace_response=True)],
    "a file alone": lambda: [_text("", attachment=_file())],
    "a file with a text": lambda: [_text("see", attachment=_file())],
    "a file in its place": lambda: [_text("![x][abcdefgh]", attachment=_file(inline_ref="abcdefgh"))],
    "a file with a parsed content": lambda: [_text("", attachment=_file(parsed_content="a,b"))],
    "a file with a replacement": lambda: [_text("b", is_replace_response=True, attachment=_file())],
    "a file with a suggested reply": lambda: [_text("b", is_suggested_reply=True, attachment=_file())],
    "two files": lambda: [_text("", attachment=_file("a")), _text("", attachment=_file("b é.csv"))],
    "tool calls of a text": lambda: [
        _text("", tool_calls=[fp.types.ToolCallDefinitionDelta(function={"arguments": "{}"})])
    ],
    "debugging fields": lambda: [_text("a", raw_response={"a": 1}, full_prompt="p", request_id="r")],
    "a meta by default": lambda: [fp.MetaResponse(text=""), _text("a")],
    "a meta with every field": lambda: [
        fp.MetaResponse(
            text="", content_type="text/plain", suggested_replies=False, refetch_settings=True, linkify=False
        )
    ],
    "a late meta": lambda: [_text("a"), fp.MetaResponse(text="b")],
    "a meta with a file": lambda: [fp.MetaResponse(text="", attachment=_file())],
    "data": lambda: [_text("a"), fp.DataResponse(metadata='{"é": 1}')],
    "data twice": lambda: [fp.DataResponse(metadata="a"), fp.DataResponse(metadata="")],
    "an error by default": lambda: [fp.ErrorResponse(text="no")],
    "an error without a text": lambda: [fp.ErrorResponse(text="")],
    "an error that is final": lambda: [fp.ErrorResponse(text="no", allow_retry=False)],
    "an error in the middle": lambda: [_text("a"), fp.ErrorResponse(text="no"), _text("on")],
    "an error with a raw response": lambda: [fp.ErrorResponse(text="no", raw_response={"code": 'a"b'})],
    "an error with a raw text": lambda: [fp.ErrorResponse(text="no", raw_response="it's")],
    "an error with a file": lambda: [fp.ErrorResponse(text="no", attachment=_file())],
    "an error of its kind: message too long": lambda: [
        fp.ErrorResponse(text="long", error_type="user_message_too_long")
    ],
    "an error of its kind: funds": lambda: [fp.ErrorResponse(text="", error_type="insufficient_fund")],
    "an error of its kind: the user's": lambda: [fp.ErrorResponse(text="you", error_type="user_caused_error")],
    "an error of its kind: privacy": lambda: [fp.ErrorResponse(text="no", error_type="privacy_authorization_error")],
    "text_event": lambda: [Bot.text_event("é\n")],
    "replace_response_event": lambda: [Bot.replace_response_event("b")],
    "suggested_reply_event": lambda: [Bot.suggested_reply_event("c?")],
    "data_event": lambda: [Bot.data_event("d")],
    "file_event": lambda: [Bot.file_event("https://files.example.org/1", "image/png", "1.png")],
    "file_event in its place": lambda: [
        Bot.file_event(url="https://files.example.org/1", content_type="image/png", name="1.png", inline_ref="r")
    ],
    "meta_event by default": lambda: [Bot.meta_event()],
    "meta_event with every argument": lambda: [
        Bot.meta_event(content_type="text/plain", refetch_settings=True, linkify=False, suggested_replies=True)
    ],
    "error_event by default": lambda: [Bot.error_event()],
    "error_event with a text": lambda: [Bot.error_event("no")],
    "error_event with every argument": lambda: [
        Bot.error_event("no", raw_response={"a": "b"}, allow_retry=False, error_type="user_caused_error")
    ],
    "error_event with an exception": lambda: [Bot.error_event("no", raw_response=ValueError("mine to show"))],
    "sse_starlette: a text": lambda: [ServerSentEvent(data='{"text": "a"}', event="text")],
    "sse_starlette: several lines": lambda: [ServerSentEvent(data='{"text":\n"a"}', event="text")],
    "sse_starlette: id and retry": lambda: [ServerSentEvent(data='{"text": "a"}', event="text", id="7", retry=50)],
    "sse_starlette: a comment": lambda: [ServerSentEvent(data='{"text": "a"}', event="text", comment="aside")],
    "sse_starlette: without a name": lambda: [ServerSentEvent(data='{"text": "a"}')],
    "sse_starlette: LF": lambda: [ServerSentEvent(data='{"text": "a"}', event="text", sep="\n")],
    "sse_starlette: json": lambda: [ServerSentEvent(data='{"choices": []}', event="json")],
    "sse_starlette: ping": lambda: [ServerSentEvent(data="now", event="ping")],
    "sse_starlette: an unknown event": lambda: [ServerSentEvent(data="{}", event="dance")],
    "sse_starlette: no data": lambda: [ServerSentEvent(event="ping"), _text("a")],
    "sse_starlette: a number": lambda: [ServerSentEvent(data=5, event="json")],
    "sse_starlette: JSON by itself": lambda: [JSONServerSentEvent(data={"text": "é"}, event="text")],
    "a response of a class of its own": lambda: [Loud(text="a"), LoudMeta(text=""), LoudData(metadata="b")],
    "a response made without checks": lambda: [fp.PartialResponse.model_construct(text="a")],
    "a response copied": lambda: [_text("a").model_copy(update={"text": "b", "is_replace_response": True})],
    "a response from a dict": lambda: [fp.PartialResponse.from_dict({"text": "a"})],
    "one response twice": lambda: [_text("a")] * 2,
    "old and new side by side": lambda: [_text("a"), Bot.text_event("b"), ServerSentEvent(data="{}", event="json")],
}
BETTER: dict[str, Callable[[], list[Any]]] = {
    "an index": lambda: [_text("a", index=1)],
    "a forwarded json": lambda: [_text("", data={"choices": []})],
    "done_event": lambda: [_text("a"), Bot.done_event(), _text("b")],
    "a str": lambda: ["hello"],
    "a number": lambda: [_text("a"), 5],
    "a dict": lambda: [{"text": "a"}],
    "None": lambda: [None],
}


class Forms(fp.PoeBot):
    """Yields a row of the tables."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[Any]:
        for one in {**FORMS, **BETTER}[request.query[-1].content]():
            yield one


class Fails(fp.PoeBot):
    """Raises what it is asked for, after as many texts as the message has signs after the name."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        name, *words = request.query[-1].content.split(" ")
        for word in words:
            yield fp.PartialResponse(text=word)
        raise _FAULTS[name]()


_FAULTS: dict[str, Callable[[], Exception]] = {
    "ValueError": lambda: ValueError(SECRET),
    "KeyError": lambda: KeyError(SECRET),
    "HTTPException": lambda: HTTPException(418, SECRET),
    "TimeoutError": lambda: TimeoutError(SECRET),
    "BotError": lambda: fp.BotError(SECRET),
    "InsufficientFundError": lambda: fp.InsufficientFundError(SECRET),
    "CostRequestError": lambda: fp.CostRequestError(SECRET),
}


class FailsInContext(fp.PoeBot):
    """An override of the outer method: lack of funds is no event of its own there."""

    async def get_response_with_context(
        self, request: fp.QueryRequest, context: fp.RequestContext
    ) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text="a")
        raise fp.InsufficientFundError


class Meets(fp.PoeBot):
    """A query that waits for another one, and one that is left."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.met = asyncio.Event()
        self.left = asyncio.Event()

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        word = request.query[-1].content
        if word == "wait":
            yield fp.PartialResponse(text="waiting")
            await self.met.wait()
            yield fp.PartialResponse(text="met")
        elif word == "meet":
            self.met.set()
            yield fp.PartialResponse(text="here")
        elif word == "stay":
            try:
                yield fp.PartialResponse(text="staying")
                await asyncio.Event().wait()
            finally:
                self.left.set()
        else:
            await asyncio.wait_for(self.left.wait(), 20)
            yield fp.PartialResponse(text="cleaned up")


def bots() -> list[fp.PoeBot]:
    return [
        Forms(path="/forms", access_key=KEY),
        Fails(path="/fails", access_key=KEY),
        FailsInContext(path="/fails-in-context", access_key=KEY),
        Meets(path="/meets", access_key=KEY),
    ]
