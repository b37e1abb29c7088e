"""An event loop in a daemon thread, and the ways into it from any other thread."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

STIR_S = 0.2  # a wait with no end misses an interrupt that comes as it begins, and each that comes without a signal
_END: Any = object()


class Portal:
    """A loop of its own in a thread of its own, so that blocking calls work where a loop is running already.

    >>> portal = Portal("example")
    >>> async def answer() -> int:
    ...     return 42
    >>> portal.run(answer())
    42
    >>> portal.close()
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _main(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.call_soon(self._ready.set)
        try:
            self.loop.run_forever()
        finally:
            tasks = asyncio.all_tasks(self.loop)
            for task in tasks:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()

    @property
    def alive(self) -> bool:
        """Whether work can be handed over: the thread runs, and in this process."""
        return self._thread.is_alive() and self.pid == os.getpid()

    @property
    def inside(self) -> bool:
        """Whether the caller runs on this very loop."""
        return threading.current_thread() is self._thread

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin *work* on the loop, with the caller's context, and return at once. An interrupt in here cancels it."""
        context = contextvars.copy_context()
        done: Future[T] = Future()

        def begin() -> None:
            task = self.loop.create_task(work, context=context)
            task.add_done_callback(lambda _: _copy(task, done))
            done.add_done_callback(lambda f: self._cancel(task) if f.cancelled() else None)

        try:
            self.loop.call_soon_threadsafe(begin)
        except BaseException:
            done.cancel()
            raise
        return done

    def _cancel(self, task: asyncio.Task[Any]) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(task.cancel)

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Call *function* on the loop, soon; when the caller is on it, now."""
        if self.inside:
            function(*arguments)
        else:
            self.loop.call_soon_threadsafe(function, *arguments)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of *work*; blocks. An interrupt cancels *work* and waits until it has let go.

        Raises RuntimeError on the loop itself, which would wait for itself for ever.
        """
        if self.inside:
            work.close()
            raise RuntimeError(f"A blocking call on {self.name}'s own loop would never end; use the async twin.")
        try:
            return self._result(self.submit(work))
        except KeyboardInterrupt as interrupt:
            for tell in _told:
                tell(interrupt)
            raise

    def _result(self, future: Future[T]) -> T:
        try:
            while True:
                try:
                    return future.result(STIR_S)
                except TimeoutError:
                    if future.done():  # else it is the wait's
                        return future.result()
        except BaseException:
            future.cancel()
            raise

    def do(self, work: Callable[[], T]) -> T:
        """The result of *work*, which does not wait for anything; blocks."""
        if self.inside:
            return work()

        async def there() -> T:
            return work()

        return self.run(there())

    async def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of *work*, run on this loop and awaited on the caller's."""
        if self.inside:
            return await work
        return await asyncio.wrap_future(self.submit(work))

    def iterate(self, items: AsyncIterator[T]) -> Iterator[T]:
        """The items of an async iterator, one by one as they come; it is closed when the caller stops early."""
        step = items.__anext__
        try:
            while (item := self.run(_next_or_end(step))) is not _END:
                yield item
        finally:
            close = getattr(items, "aclose", None)
            if close is not None:
                self.run(close())

    def close(self) -> None:
        """Cancel what runs, close the loop and join the thread."""
        if self.pid != os.getpid() or self.loop.is_closed():
            return
        self.loop.call_soon_threadsafe(self.loop.stop)
        if not self.inside:
            self._thread.join(timeout=5)


async def _next_or_end(step: Callable[[], Awaitable[T]]) -> T:
    try:
        return await step()
    except StopAsyncIteration:
        end: T = _END
        return end


def _copy(task: asyncio.Task[T], done: Future[T]) -> None:
    """Hand a task's outcome to the thread that waits for it."""
    if done.cancelled() or not done.set_running_or_notify_cancel():
        if not task.cancelled():
            task.exception()  # nobody waits any more; the loop must not complain
        return
    if task.cancelled():
        done.set_exception(asyncio.CancelledError())
    elif (error := task.exception()) is not None:
        done.set_exception(error)
    else:
        done.set_result(task.result())


_here = threading.local()


def serve_here() -> None:
    """Say that this thread's loop serves bots, which answer nobody while it waits."""
    _here.serves = True


def serves_here() -> bool:
    """Whether bots are served by this thread's loop."""
    return getattr(_here, "serves", False)


_told: list[Callable[[KeyboardInterrupt], object]] = []  # who shows interrupts


def tell_interrupts(tell: Callable[[KeyboardInterrupt], object] | None) -> None:
    """Let *tell* have each interrupt of a call that waits before it is raised; None: nobody any more."""
    _told[:] = [tell] if tell is not None else []


_lock = threading.Lock()
_portal: Portal | None = None


def client_portal() -> Portal:
    """The process's portal for asking bots; made on first use, ended with the process."""
    global _portal
    with _lock:
        if _portal is None or not _portal.alive:
            _portal = Portal("poebook-client")
        return _portal


def close_client_portal() -> None:
    """End the process's portal, if there is one; the next use makes a new one."""
    global _portal
    with _lock:
        portal, _portal = _portal, None
    if portal is not None:
        portal.close()


atexit.register(close_client_portal)
