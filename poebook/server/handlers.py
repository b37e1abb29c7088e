"""Handlers in whatever shape an author wrote them, made into one: an async iterator, or one awaited value."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import Any

from poebook.errors import PoebookError
from poebook.protocol import SettingsResponse
from poebook.wire.events import CarriedEvent, EventLike, events_of
from poebook.wire.sse import ServerSentEvent

Handler = Callable[..., Any]  # an author's own: a function of any of the shapes below

_AHEAD = 64  # responses that a blocking generator may be ahead of the reader
_LAZY = inspect.CO_ASYNC_GENERATOR | inspect.CO_COROUTINE | inspect.CO_GENERATOR  # calling one only makes it
_END: Any = object()


class AuthorSlip(PoebookError):
    """A handler gave something that is no answer; the message says what, and what to write."""


def responses(handler: Handler, *arguments: object) -> AsyncGenerator[Any, None]:
    """What *handler* answers, one by one. Close it when you leave early, so that the handler's ``finally`` runs.

    It may be an async generator, a generator, a coroutine function or a function; it yields or returns. Blocking
    ones run in a thread of their own, with the caller's context.
    """
    if inspect.isasyncgenfunction(handler):
        answer: AsyncGenerator[Any, None] = handler(*arguments)
        return answer
    return _responses(handler, *arguments)


async def _responses(handler: Handler, *arguments: object) -> AsyncGenerator[Any, None]:
    given = await _call(handler, *arguments)
    if inspect.isawaitable(given):
        given = await given
    if hasattr(given, "__aiter__"):
        iterator = aiter(given)
        try:
            async for response in iterator:
                yield response
        finally:
            await close(iterator)
    elif isinstance(given, Iterator):
        async with aclosing(_pumped(given)) as pumped:
            async for response in pumped:
                yield response
    elif isinstance(given, (list, tuple)):
        for response in given:
            yield response
    elif given is None:
        raise AuthorSlip(f"{name_of(handler)} returned nothing; `yield` or `return` a str or a fp.PartialResponse.")
    else:
        yield given


def is_own(method: Handler, original: Handler) -> bool:
    """Whether a bot's *method* is ours still, be it the class or the bot itself that has another."""
    return getattr(method, "__func__", None) is original


async def close(iterator: object) -> None:
    """Close an async iterator, where that is something it can do."""
    aclose = getattr(iterator, "aclose", None)
    if aclose is not None:
        await aclose()


def events_for(response: object, handler: Handler) -> Sequence[ServerSentEvent | CarriedEvent]:
    """The events that something is sent as which *handler* gave. Raises AuthorSlip when it is no answer."""
    made = events_of(response)
    if made is not None:
        return made
    if isinstance(response, EventLike):
        return (CarriedEvent.of(response),)
    raise AuthorSlip(
        f"{name_of(handler)} yielded a {type(response).__name__}; yield a str or a fp.PartialResponse(text=...)."
    )


def settings_of(given: object, handler: Handler) -> SettingsResponse:
    """The settings that *handler* gave, be it as a dict. Raises AuthorSlip when they are none."""
    if isinstance(given, SettingsResponse):
        return given
    if isinstance(given, dict):
        return SettingsResponse.model_validate(given)
    raise AuthorSlip(f"{name_of(handler)} gave a {type(given).__name__}; `return` a fp.SettingsResponse(...).")


def leaves(error: BaseException) -> bool:
    """Whether an exception means that the asker has gone or the server stops, rather than that a handler failed.

    To be asked where it is caught. All but these two, SystemExit too, ends an answer and no server.
    """
    if isinstance(error, asyncio.CancelledError):
        task = _task()
        return task is None or task.cancelling() > 0
    if isinstance(error, GeneratorExit):
        trace = error.__traceback__
        return _task() is None or trace is None or trace.tb_next is None  # thrown in here, not raised further down
    return False


def _task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no loop runs any more
        return None


async def value(handler: Handler, *arguments: object) -> Any:
    """What *handler* returns, be it a coroutine function or a plain one."""
    given = await _call(handler, *arguments)
    return await given if inspect.isawaitable(given) else given


def name_of(handler: Handler) -> str:
    """A handler as its author calls it.

    >>> name_of(name_of)
    'name_of'
    """
    name = getattr(handler, "__qualname__", None) or getattr(handler, "__name__", None) or type(handler).__name__
    return str(name).rpartition("<locals>.")[2]


async def in_thread(function: Callable[[], Any]) -> Any:
    """The result of a blocking call, made in a daemon thread of its own with the caller's context."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()
    context = contextvars.copy_context()

    def settle(result: Any, error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(_as_exception(error))

    def work() -> None:
        result, error = None, None
        try:
            result = context.run(function)
        except BaseException as raised:
            error = raised
        _tell(loop, settle, result, error)

    threading.Thread(target=work, name="poebook-handler", daemon=True).start()
    return await done


async def _call(handler: Handler, *arguments: object) -> Any:
    """Call it here when that only makes an iterator or a coroutine, else in a thread."""
    if _is_lazy(handler):
        return handler(*arguments)
    return await in_thread(lambda: handler(*arguments))


def _is_lazy(handler: Handler) -> bool:
    plain = inspect.unwrap(handler) if hasattr(handler, "__wrapped__") else handler
    code = getattr(plain, "__code__", None)  # a method has its function's
    if code is not None and code.co_flags & _LAZY:
        return True
    kinds = (inspect.isasyncgenfunction, inspect.iscoroutinefunction, inspect.isgeneratorfunction)
    return any(is_kind(plain) for is_kind in kinds)  # a partial is what it is made of


async def _pumped(items: Iterator[Any]) -> AsyncGenerator[Any, None]:
    """The items of a blocking iterator, drawn in one thread from first to last."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Any] = asyncio.Queue()
    room = threading.Semaphore(_AHEAD)
    left = threading.Event()

    def pump() -> None:
        try:
            for item in items:
                _tell(loop, queue.put_nowait, item)
                room.acquire()
                if left.is_set():
                    break
        finally:
            closing = getattr(items, "close", None)
            if closing is not None:
                closing()

    async def run() -> None:
        try:
            await in_thread(pump)
        finally:
            queue.put_nowait(_END)

    running = asyncio.create_task(run())
    running.add_done_callback(lambda task: task.cancelled() or task.exception())  # nobody may be there to ask
    try:
        while (item := await queue.get()) is not _END:
            room.release()
            yield item
        await running
    finally:
        left.set()
        room.release()
        if not running.done():
            running.cancel()


def _tell(loop: asyncio.AbstractEventLoop, function: Callable[..., object], *arguments: object) -> None:
    """Call on the loop; where it has ended meanwhile, nobody listens any more."""
    try:
        loop.call_soon_threadsafe(function, *arguments)
    except RuntimeError:
        if not loop.is_closed():
            raise


def _as_exception(error: BaseException) -> Exception:
    """What a future may hold: an error that ends only this answer, not the whole program."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    wrapped = AuthorSlip(f"The handler raised {type(error).__name__}, which does not end an answer; `return` does.")
    wrapped.__cause__ = error
    return wrapped
