"""From an async iterator on a portal's loop to a generator in the caller's thread."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from poebook.client.portal import STIR_S, Portal
from poebook.client.tools import NAMELESS, is_nameless, name_of

T = TypeVar("T")
Function = Callable[..., Any]  # a caller's own

_AHEAD = 256  # items that may wait for the caller
_CLOSING_S = 5.0  # in which what is under way must let go


def pumped(
    portal: Portal,
    items: Callable[[Sequence[Function] | None], AsyncGenerator[T, None]],
    functions: Sequence[Function] | None = None,
) -> Generator[T, None, None]:
    """The items of an async generator that runs on *portal*'s loop, one by one as they come.

    *items* is given *functions* in a form in which each call is carried out in the caller's thread. When the caller
    stops early, the generator is closed before this returns.

    >>> async def count(functions):
    ...     yield 1
    ...     yield 2
    >>> portal = Portal("example")
    >>> list(pumped(portal, count))
    [1, 2]
    >>> portal.close()
    """
    return _Pump(portal, items, functions).run()


class _Pump:
    def __init__(self, portal: Portal, items: Callable[..., AsyncGenerator[Any, None]], functions: Any) -> None:
        self._portal = portal
        self._items = items
        self._functions = None if functions is None else [self._carried(function) for function in functions]
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()  # an item, a _Call, or _END
        self._room = asyncio.Event()
        self._waiting = 0  # items put and not yet taken; changed by both threads under the lock
        self._lock = threading.Lock()
        self._over = threading.Event()

    def run(self) -> Generator[Any, None, None]:
        future = self._portal.submit(self._fill())
        try:
            while (item := self._next()) is not _END:
                if isinstance(item, _Call):
                    item.carry_out(self._portal)
                    continue
                self._take()
                yield item
            future.result()
        finally:
            if not self._over.is_set():
                future.cancel()
                if not self._portal.inside:
                    self._over.wait(_CLOSING_S)

    def _next(self) -> Any:
        while True:
            try:
                return self._queue.get(timeout=STIR_S)
            except queue.Empty:
                continue

    async def _fill(self) -> None:
        try:
            async with contextlib.aclosing(self._items(self._functions)) as items:
                async for item in items:
                    self._queue.put(item)
                    with self._lock:
                        self._waiting += 1
                        if self._waiting >= _AHEAD:
                            self._room.clear()
                    if self._waiting >= _AHEAD:
                        await self._room.wait()
        finally:
            self._over.set()
            self._queue.put(_END)

    def _take(self) -> None:
        with self._lock:
            self._waiting -= 1
            emptied = self._waiting == _AHEAD // 2
        if emptied:
            self._portal.call(self._room.set)

    def _carried(self, function: Function) -> Function:
        """*function* as a coroutine function that is carried out in the caller's thread, under the same name."""

        async def call(*args: Any, **kwargs: Any) -> Any:
            wanted = _Call(function, args, kwargs)
            self._queue.put(wanted)
            result = await asyncio.wrap_future(wanted.done)
            return await result if inspect.isawaitable(result) else result

        call.__name__ = name_of(function)
        if is_nameless(function):
            setattr(call, NAMELESS, True)
        return call


class _Call:
    """A function to be called in the caller's thread."""

    def __init__(self, function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.done: Future[Any] = Future()
        self._function = function
        self._args = args
        self._kwargs = kwargs

    def carry_out(self, portal: Portal) -> None:
        if not self.done.set_running_or_notify_cancel():
            return
        try:
            self.done.set_result(self._function(*self._args, **self._kwargs))
        except Exception as error:
            self.done.set_exception(error)
        except BaseException as error:
            self.done.set_exception(RuntimeError(f"The function was interrupted ({type(error).__name__})."))
            raise


_END: Any = object()
