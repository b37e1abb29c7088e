"""The loop in a thread: results, errors, interrupts, iteration and the end."""

import _thread
import asyncio
import contextvars
import signal
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator

import pytest

from poebook.client.portal import STIR_S, Portal, client_portal, close_client_portal
from poebook.client.pump import pumped


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal("test-portal")
    yield portal
    portal.close()
    assert not portal.alive


class Endless:
    """Work that ends when it is cancelled only."""

    def __init__(self) -> None:
        self.begun, self.cancelled = threading.Event(), threading.Event()

    async def run(self) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()


async def double(n: int) -> int:
    await asyncio.sleep(0)
    return 2 * n


def _drawn_from(portal: Portal, work: Coroutine[None, None, None]) -> None:
    async def items(functions: object) -> AsyncGenerator[int, None]:
        await work
        yield 1

    for _ in pumped(portal, items):
        pass


def test_results_and_errors_come_back(portal: Portal) -> None:
    async def fails() -> None:
        raise LookupError("no")

    assert portal.run(double(21)) == 42
    with pytest.raises(LookupError, match="no"):
        portal.run(fails())


def test_a_blocking_call_works_inside_a_running_loop(portal: Portal) -> None:
    async def cell() -> int:
        return portal.run(double(1)) + await portal.wait(double(2))

    assert asyncio.run(cell()) == 6


def test_a_blocking_call_on_the_portals_own_loop_is_refused(portal: Portal) -> None:
    async def inner() -> int:
        return portal.run(double(1))

    with pytest.raises(RuntimeError, match="would never end"):
        portal.run(inner())


def test_context_travels_into_the_work(portal: Portal) -> None:
    name = contextvars.ContextVar("name", default="")
    name.set("bot")

    async def read() -> str:
        return name.get()

    assert portal.run(read()) == "bot"


def test_an_interrupt_cancels_the_work(portal: Portal) -> None:
    work = Endless()

    def interrupt() -> None:
        work.begun.wait(5)
        time.sleep(0.05)  # the main thread enters its wait
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        portal.run(work.run())
    thread.join()
    assert work.cancelled.wait(5)


@pytest.mark.parametrize("wait", [lambda portal, work: portal.run(work), _drawn_from])
def test_an_interrupt_without_a_signal_ends_the_wait(portal: Portal, wait: Callable[..., object]) -> None:
    """As Jupyter interrupts on Windows, and as a signal looks that comes in between asking for signals and waiting."""
    work = Endless()

    def interrupt() -> None:
        work.begun.wait(5)
        time.sleep(0.05)  # the main thread enters its wait
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        wait(portal, work.run())
    thread.join()
    assert work.cancelled.wait(5)


def test_a_time_out_of_the_works_own_is_its_error(portal: Portal) -> None:
    async def late() -> None:
        raise TimeoutError("late")

    async def later() -> None:
        await asyncio.sleep(2 * STIR_S)
        raise TimeoutError("later")

    for work in (late, later):
        with pytest.raises(TimeoutError, match=work.__name__):
            portal.run(work())


def test_an_interrupt_while_work_is_handed_over_cancels_it(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Endless()

    hand_over = portal.loop.call_soon_threadsafe

    def interrupted(begin: Callable[[], object]) -> None:
        monkeypatch.undo()
        hand_over(begin)
        work.begun.wait(5)
        raise KeyboardInterrupt

    monkeypatch.setattr(portal.loop, "call_soon_threadsafe", interrupted)
    with pytest.raises(KeyboardInterrupt):
        portal.submit(work.run())
    assert work.cancelled.wait(5)


def test_iteration_gives_items_as_they_come_and_closes_when_left(portal: Portal) -> None:
    closed = threading.Event()

    async def numbers() -> AsyncIterator[int]:
        try:
            for n in range(10):
                yield n
        finally:
            closed.set()

    assert list(portal.iterate(numbers())) == list(range(10))
    closed.clear()
    for n in portal.iterate(numbers()):
        if n == 3:
            break
    assert closed.wait(5)


def test_closing_cancels_what_runs() -> None:
    portal = Portal("short-lived")
    cancelled = threading.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    portal.submit(forever())
    portal.run(double(1))
    portal.close()
    assert cancelled.is_set()
    assert not portal.alive


def test_the_processes_portal_is_made_anew_after_its_end() -> None:
    first = client_portal()
    assert client_portal() is first
    close_client_portal()
    assert client_portal() is not first
    assert client_portal().run(double(2)) == 4


def test_closing_leaves_no_thread_behind_that_worked_for_it() -> None:
    portal = Portal("short")
    helper = portal.run(asyncio.to_thread(threading.current_thread))
    assert helper is not threading.current_thread()
    assert helper.is_alive()
    portal.close()
    assert not helper.is_alive()
