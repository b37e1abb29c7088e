"""Handlers of every shape answer; a slip is told to its author, and to nobody else."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import poebook as fp
from poebook.protocol import SettingsRequest
from poebook.server.handlers import AuthorSlip, responses, value
from tests.conftest import ServeApp
from tests.server.asking import events, post, request, text

PUBLIC = ("error", {"allow_retry": False, "text": "The bot encountered an unexpected issue."})
Handler = Callable[..., Any]  # of any of the shapes that are tried here


async def _async_generator(self: object, request: object) -> AsyncIterator[Any]:
    yield fp.PartialResponse(text="a")
    yield "b"


def _generator(self: object, request: object) -> Iterator[Any]:
    yield fp.PartialResponse(text="a")
    yield "b"


async def _coroutine(self: object, request: object) -> Any:
    return "ab"


async def _coroutine_with_response(self: object, request: object) -> Any:
    return fp.PartialResponse(text="ab")


def _function(self: object, request: object) -> Any:
    return "ab"


def _list(self: object, request: object) -> Any:
    return ["a", fp.PartialResponse(text="b")]


async def _passes_on(self: object, request: object) -> Any:
    return _async_generator(self, request)


def _passes_on_a_generator(self: object, request: object) -> Any:
    return _generator(self, request)


class _Iterator:
    def __init__(self) -> None:
        self._left = ["b", "a"]

    def __aiter__(self) -> _Iterator:
        return self

    async def __anext__(self) -> str:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()


def _own_iterator(self: object, request: object) -> Any:
    return _Iterator()


def _passing_through(handler: Handler) -> Handler:
    @functools.wraps(handler)
    def wrapper(*arguments: object) -> Any:
        return handler(*arguments)

    return wrapper


_SHAPES = [
    _async_generator,
    _generator,
    _coroutine,
    _coroutine_with_response,
    _function,
    _list,
    _passes_on,
    _passes_on_a_generator,
    _own_iterator,
    _passing_through(_async_generator),
    _passing_through(_generator),
    _passing_through(_function),
]


def _bot(handler: Handler, hook: str = "get_response") -> fp.PoeBot:
    made: type[fp.PoeBot] = type("Bot", (fp.PoeBot,), {hook: handler})
    return made()


def _serve(serve_app: ServeApp, handler: Handler, hook: str = "get_response") -> str:
    return serve_app(fp.make_app(_bot(handler, hook), allow_without_key=True))


@pytest.mark.parametrize("handler", _SHAPES, ids=lambda handler: handler.__name__)
async def test_a_handler_of_any_shape_answers(serve_app: ServeApp, handler: Handler) -> None:
    assert text(await events(_serve(serve_app, handler))) == "ab"


def _yields_a_number(self: object, request: object) -> Iterator[Any]:
    yield 5


async def _yields_none(self: object, request: object) -> AsyncIterator[Any]:
    yield None


async def _yields_bytes(self: object, request: object) -> AsyncIterator[Any]:
    yield b"ab"


def _returns_a_dict(self: object, request: object) -> Any:
    return {"text": "ab"}


def _returns_nothing(self: object, request: object) -> Any:
    return None


async def _returns_nothing_async(self: object, request: object) -> Any:
    return None


def _raises(self: object, request: object) -> Any:
    raise ValueError("secret words")


def _raises_stop_iteration(self: object, request: object) -> Any:
    return next(iter([]))


def _exits(self: object, request: object) -> Any:
    raise SystemExit("secret words")


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (_yields_a_number, "_yields_a_number yielded a int; yield a str or a fp.PartialResponse"),
        (_yields_none, "_yields_none yielded a NoneType"),
        (_yields_bytes, "_yields_bytes yielded a bytes"),
        (_returns_a_dict, "_returns_a_dict yielded a dict"),
        (_returns_nothing, "_returns_nothing returned nothing; `yield` or `return`"),
        (_returns_nothing_async, "_returns_nothing_async returned nothing"),
        (_raises, "secret words"),
        (_raises_stop_iteration, "raised StopIteration"),
        (_exits, "raised SystemExit"),
    ],
)
async def test_a_slip_is_told_to_its_author_only(
    serve_app: ServeApp, handler: Handler, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "poebook"):
        answer = await events(_serve(serve_app, handler))
    assert answer == [PUBLIC, ("done", {})]
    assert words in caplog.text


async def test_a_blocking_handler_leaves_the_loop_to_the_others(serve_app: ServeApp) -> None:
    both = threading.Barrier(2)

    def get_response(self: object, request: object) -> Iterator[str]:
        both.wait(10)
        yield "met"

    url = _serve(serve_app, get_response)
    answers = await asyncio.gather(events(url), events(url))
    assert [text(answer) for answer in answers] == ["met", "met"]


async def test_a_blocking_generator_streams_as_it_goes() -> None:
    read = threading.Event()

    def get_response(request: object) -> Iterator[str]:
        yield "first"
        assert read.wait(10)
        yield "second"

    answer = responses(get_response, None)
    assert await anext(answer) == "first"
    read.set()
    assert [rest async for rest in answer] == ["second"]


async def test_a_blocking_generator_is_closed_in_its_own_thread_when_nobody_reads_on() -> None:
    closed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    loop, threads = asyncio.get_running_loop(), []

    def get_response(request: object) -> Iterator[str]:
        threads.append(threading.get_ident())
        try:
            while True:
                yield "more"
        finally:
            loop.call_soon_threadsafe(closed.set_result, threads == [threading.get_ident()])

    answer = responses(get_response, None)
    assert await anext(answer) == "more"
    await answer.aclose()
    assert await asyncio.wait_for(closed, 10)


async def test_a_blocking_generator_does_not_run_far_ahead_of_its_reader() -> None:
    made = 0

    def get_response(request: object) -> Iterator[str]:
        nonlocal made
        for _ in range(10_000):
            made += 1
            yield "more"

    answer = responses(get_response, None)
    await anext(answer)
    assert made < 200
    await answer.aclose()


@pytest.mark.parametrize("shape", ["function", "generator"])
async def test_a_blocking_handler_has_its_callers_context(shape: str) -> None:
    colour: contextvars.ContextVar[str] = contextvars.ContextVar("colour", default="none")
    colour.set("blue")

    def function(request: object) -> str:
        return colour.get()

    def generator(request: object) -> Iterator[str]:
        yield colour.get()

    handler: Handler = {"function": function, "generator": generator}[shape]
    assert [one async for one in responses(handler, None)] == ["blue"]


async def test_a_partial_and_an_object_that_can_be_called_are_handlers_too() -> None:
    class Echo:
        async def __call__(self, words: str) -> str:
            return words

    async def echo(prefix: str, words: str) -> AsyncIterator[str]:
        yield prefix + words

    assert [one async for one in responses(Echo(), "hi")] == ["hi"]
    assert [one async for one in responses(functools.partial(echo, "> "), "hi")] == ["> hi"]


@pytest.mark.parametrize("shape", ["async", "sync"])
@pytest.mark.parametrize("as_dict", [True, False])
async def test_settings_may_be_made_by_a_function_and_be_a_dict(serve_app: ServeApp, shape: str, as_dict: bool) -> None:
    said = {"introduction_message": "Hello."}
    given = said if as_dict else fp.SettingsResponse(**said)

    async def get_settings(self: object, setting: SettingsRequest) -> Any:
        return given

    def get_settings_sync(self: object, setting: SettingsRequest) -> Any:
        return given

    handler = get_settings if shape == "async" else get_settings_sync
    response = await post(_serve(serve_app, handler, "get_settings"), request("settings"))
    assert response.json() == fp.SettingsResponse(introduction_message="Hello.").model_dump()
    assert len(response.json()) == 15


async def test_settings_that_are_none_are_told_to_their_author(
    serve_app: ServeApp, caplog: pytest.LogCaptureFixture
) -> None:
    async def get_settings(self: object, setting: object) -> Any:
        return None

    response = await post(_serve(serve_app, get_settings, "get_settings"), request("settings"))
    assert (response.status_code, response.json()) == (500, {"detail": "Internal server error"})
    assert "get_settings gave a NoneType; `return` a fp.SettingsResponse" in caplog.text


async def test_a_value_may_come_from_any_function() -> None:
    async def later() -> int:
        return 5

    assert await value(later) == await value(lambda: 5) == 5
    with pytest.raises(AuthorSlip):
        await value(exit)
