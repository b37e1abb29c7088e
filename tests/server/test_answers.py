"""What a handler yields, as the asker reads it; compared with ``fastapi_poe`` over sockets."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from types import ModuleType
from typing import Any

import pytest
from sse_starlette import ServerSentEvent

import poebook as ours
from tests.conftest import ServeApp
from tests.server.asking import KEY, events, post, query, text
from tests.upstream import fastapi_poe as theirs

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:fastapi_poe.base")

SECRET = "secret words of the exception"
PUBLIC = {"allow_retry": False, "text": "The bot encountered an unexpected issue."}
Make = Callable[[ModuleType], list[Any]]  # what a handler yields, made of either library


def _serve(serve_app: ServeApp, fp: ModuleType, handler: Callable[..., Any], **options: Any) -> str:
    """A bot of either library whose ``get_response`` is *handler*, on a real server."""
    made = type("Bot", (fp.PoeBot,), {"get_response": handler})
    return serve_app(fp.make_app(made(access_key=KEY, **options)))


def _yielding(make: Make, fp: ModuleType) -> Callable[..., Any]:
    async def get_response(self: object, request: object) -> AsyncIterator[Any]:
        for one in make(fp):
            yield one

    return get_response


def _file(fp: ModuleType, **more: Any) -> Any:
    return fp.Attachment(url="https://a.example/x", content_type="text/csv", name="x", **more)


_FORMS: dict[str, Make] = {
    "text": lambda fp: [fp.PartialResponse(text='"é😀\u2028\n'), fp.PartialResponse(text="")],
    "replacement": lambda fp: [fp.PartialResponse(text="a"), fp.PartialResponse(text="b", is_replace_response=True)],
    "suggestions": lambda fp: [fp.PartialResponse(text="a", is_suggested_reply=True)],
    "both": lambda fp: [fp.PartialResponse(text="a", is_suggested_reply=True, is_replace_response=True)],
    "file": lambda fp: [fp.PartialResponse(text="", attachment=_file(fp))],
    "file and text": lambda fp: [fp.PartialResponse(text="see", attachment=_file(fp, inline_ref="abcdefgh"))],
    "meta": lambda fp: [fp.MetaResponse(text="", content_type="text/plain", refetch_settings=True)],
    "late meta": lambda fp: [fp.PartialResponse(text="a"), fp.MetaResponse(text="b")],
    "data": lambda fp: [fp.DataResponse(metadata="é")],
    "error": lambda fp: [fp.ErrorResponse(text="no"), fp.PartialResponse(text="on")],
    "full error": lambda fp: [
        fp.ErrorResponse(text="", allow_retry=False, raw_response={"a": 1}, error_type="insufficient_fund")
    ],
    "helpers": lambda fp: [
        fp.PoeBot.meta_event(),
        fp.PoeBot.meta_event(content_type="text/plain", refetch_settings=True, linkify=False, suggested_replies=True),
        fp.PoeBot.text_event("a"),
        fp.PoeBot.replace_response_event("b"),
        fp.PoeBot.suggested_reply_event("c"),
        fp.PoeBot.data_event("d"),
        fp.PoeBot.file_event("u", "c", "n"),
        fp.PoeBot.file_event("u", "c", "n", "ref"),
        fp.PoeBot.error_event(),
        fp.PoeBot.error_event("e", raw_response=[1], allow_retry=False, error_type="user_caused_error"),
    ],
    "events of sse_starlette": lambda fp: [
        ServerSentEvent(data='{"text": "a"}', event="text"),
        ServerSentEvent(data='{"text":\n"b"}', event="text", id="7"),
    ],
    "nothing": lambda fp: [],
}


@pytest.mark.parametrize("form", _FORMS)
async def test_an_answer_is_the_same_on_the_wire_as_fastapi_poes(serve_app: ServeApp, form: str) -> None:
    streams = []
    for fp in (ours, theirs):
        response = await post(_serve(serve_app, fp, _yielding(_FORMS[form], fp)), query(), key=KEY)
        streams.append(response.content)
    assert streams[0] == streams[1]


async def test_inserted_messages_are_the_same_as_fastapi_poes(serve_app: ServeApp) -> None:
    async def get_response(self: object, request: Any) -> AsyncIterator[Any]:
        for message in request.query:
            yield ServerSentEvent(data=message.model_dump_json(), event="json")

    files = [
        {"url": "u", "content_type": kind, "name": "n", "parsed_content": content}
        for kind in ("text/html", "text/plain", "application/pdf", "image/png", "video/mp4")
        for content in ("words", "cat.png***a cat", None)
    ]
    body = query("first", {"role": "user", "content": "last", "attachments": files})
    given, wanted = [await events(_serve(serve_app, fp, get_response), body, key=KEY) for fp in (ours, theirs)]
    assert given == wanted
    assert len(given) > 5


async def test_done_comes_last_and_once(serve_app: ServeApp) -> None:
    url = _serve(serve_app, ours, _yielding(lambda fp: [fp.PoeBot.done_event(), "on"], ours))
    assert await events(url, key=KEY) == [("text", {"text": "on"}), ("done", {})]


async def test_an_index_and_raw_chunks_are_passed_on(serve_app: ServeApp) -> None:
    def make(fp: ModuleType) -> list[Any]:
        return [fp.PartialResponse(text="a", index=1), fp.PartialResponse(text="", data={"choices": []}, index=0)]

    url = _serve(serve_app, ours, _yielding(make, ours))
    assert (await events(url, key=KEY))[:-1] == [
        ("text", {"text": "a", "index": 1}),
        ("json", {"choices": [], "index": 0}),
    ]


def _raising(error: BaseException) -> Callable[..., Any]:
    async def get_response(self: object, request: object) -> AsyncIterator[Any]:
        yield "before"
        raise error

    return get_response


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        SystemExit(SECRET),
        KeyboardInterrupt(SECRET),
        MemoryError(SECRET),
        OSError(SECRET),
        ExceptionGroup(SECRET, [ValueError(SECRET)]),
        ours.BotError(SECRET),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_nothing_of_an_exception_leaves(
    serve_app: ServeApp, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    url = _serve(serve_app, ours, _raising(error))
    with caplog.at_level(logging.ERROR, "poebook"):
        response = await post(url, query(), key=KEY)
    assert SECRET.encode() not in response.content
    assert type(error).__name__.encode() not in response.content
    answer = await events(url, key=KEY)
    assert answer == [("text", {"text": "before"}), ("error", PUBLIC), ("done", {})]
    assert SECRET in caplog.text
    assert __file__ in caplog.text  # the traceback


async def test_a_cancelled_wait_of_the_authors_own_is_a_failure_like_any(serve_app: ServeApp) -> None:
    import asyncio

    async def get_response(self: object, request: object) -> AsyncIterator[Any]:
        waiting = asyncio.ensure_future(asyncio.Event().wait())
        waiting.cancel()
        await waiting
        yield "never"

    assert await events(_serve(serve_app, ours, get_response), key=KEY) == [("error", PUBLIC), ("done", {})]


async def test_missing_points_are_said_by_an_event(serve_app: ServeApp) -> None:
    url = _serve(serve_app, ours, _raising(ours.InsufficientFundError(SECRET)))
    error = {"allow_retry": True, "text": "", "error_type": "insufficient_fund"}
    assert await events(url, key=KEY) == [("text", {"text": "before"}), ("error", error), ("done", {})]


async def test_an_override_with_context_gets_the_generic_error_for_missing_points(serve_app: ServeApp) -> None:
    class Bot(ours.PoeBot):
        async def get_response_with_context(self, request: Any, context: Any) -> AsyncIterator[Any]:
            yield ours.PartialResponse(text=context.http_request.headers["x-who"])
            raise ours.InsufficientFundError

    url = serve_app(ours.make_app(Bot(), allow_without_key=True))
    response = await post(url, query(), headers={"x-who": "me"})
    assert b'"me"' in response.content
    assert b"unexpected issue" in response.content


async def test_a_handler_may_read_the_body_again(serve_app: ServeApp) -> None:
    class Bot(ours.PoeBot):
        async def get_response_with_context(self, request: Any, context: Any) -> AsyncIterator[Any]:
            yield (await context.http_request.json())["query"][0]["content"]

    assert text(await events(serve_app(ours.make_app(Bot(), allow_without_key=True)))) == "hi"


async def test_the_request_holds_the_bots_key_whatever_the_body_says(serve_app: ServeApp) -> None:
    async def get_response(self: object, request: Any) -> AsyncIterator[Any]:
        yield f"{request.access_key} {request.api_key}"

    body = query(access_key="theirs", api_key="theirs")
    assert text(await events(_serve(serve_app, ours, get_response), body, key=KEY)) == f"{KEY} {KEY}"
    made = type("Bot", (ours.PoeBot,), {"get_response": get_response})
    url = serve_app(ours.make_app(made(), allow_without_key=True))
    assert text(await events(url, body)) == "<missing> <missing>"


async def test_an_override_of_handle_query_may_yield_what_it_likes(serve_app: ServeApp) -> None:
    class Bot(ours.PoeBot):
        async def handle_query(self, request: Any, context: Any) -> AsyncIterator[Any]:
            yield self.text_event("a")
            yield ours.PartialResponse(text="b")
            yield "c"
            async for event in super().handle_query(request, context):
                yield event

    answer = await events(serve_app(ours.make_app(Bot(), allow_without_key=True)))
    assert text(answer) == "abchello"
    assert [name for name, _ in answer].count("done") == 1


@pytest.mark.parametrize("slip", ["raises", "yields a number", "returns"])
async def test_a_slip_in_an_override_of_handle_query_ends_the_answer_properly(serve_app: ServeApp, slip: str) -> None:
    async def raises(self: object, request: object, context: object) -> AsyncIterator[Any]:
        yield "a"
        raise ValueError(SECRET)

    async def number(self: object, request: object, context: object) -> AsyncIterator[Any]:
        yield "a"
        yield 5

    def returns(self: object, request: object, context: object) -> list[str]:
        return ["a"]

    handler = {"raises": raises, "yields a number": number, "returns": returns}[slip]
    made = type("Bot", (ours.PoeBot,), {"handle_query": handler})
    answer = await events(serve_app(ours.make_app(made(), allow_without_key=True)))
    assert answer[-2:] == [("error", PUBLIC), ("done", {})]


async def test_queries_run_side_by_side(serve_app: ServeApp) -> None:
    import asyncio

    both = asyncio.Barrier(2)

    async def get_response(self: object, request: object) -> AsyncIterator[Any]:
        async with asyncio.timeout(10):
            await both.wait()
        yield "met"

    url = _serve(serve_app, ours, get_response)
    answers = await asyncio.gather(events(url, key=KEY), events(url, key=KEY))
    assert [text(answer) for answer in answers] == ["met", "met"]


async def test_a_long_answer_is_complete(serve_app: ServeApp) -> None:
    async def get_response(self: object, request: object) -> AsyncIterator[Any]:
        for n in range(10_000):
            yield f"{n} "

    answer = await events(_serve(serve_app, ours, get_response), key=KEY)
    assert len(answer) == 10_001
    assert text(answer) == "".join(f"{n} " for n in range(10_000))
