"""Several processes that serve on one socket, kept up to their number, renewed without losing an answer.

uvicorn has a supervisor of its own. This one is here since that one keeps the door open while it ends (who comes then
hangs instead of being refused), leaves its processes behind when it is killed, waits for them without limit, stops the
old bots before it knows that the new ones can be had, and starts what cannot start again and again without a pause.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from poebook.errors import PoebookError
from poebook.runtime.service.board import AWAY, Board
from poebook.runtime.service.changes import changes
from poebook.runtime.service.hired import Hired
from poebook.runtime.service.job import Job
from poebook.runtime.service.spec import ServiceSpec
from poebook.runtime.service.welcome import BotCard
from poebook.runtime.wrong import status_of

logger = logging.getLogger("poebook.service")

_LAST_S = 6.0  # after the drain, until a process that does not end is killed
_STEADY_S = 10.0  # who lived that long is replaced at once
_PAUSES_S = (0.5, 30.0)  # before the next try for one that did not


@dataclass(eq=False)
class Crew:
    """Workers of one generation, by their places, and who keeps these filled."""

    job: Job
    keys: Mapping[str, str]
    board: Board
    workers: dict[int, Hired] = field(default_factory=dict)
    keepers: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def cards(self) -> Sequence[BotCard]:
        return next(iter(self.workers.values())).said.cards


class Supervisor:
    """Runs *workers* processes for what *describe* describes, until SIGTERM, SIGINT or the end of its terminal; SIGHUP
    renews them all.

    *describe* is called again for each renewal. With *watch*, changes of ``.py`` and ``.ipynb`` files below these
    folders renew them, too: the new ones take over once they answer, the old ones finish what they have begun, and
    where the new ones fail the old ones stay.
    """

    def __init__(
        self,
        describe: Callable[[], ServiceSpec],
        door: socket.socket,
        *,
        keys: Mapping[str, str] | None = None,
        workers: int = 1,
        drain_s: int = 25,
        log_level: str = "info",
        watch: Sequence[Path] = (),
        ready: Callable[[Sequence[BotCard]], None] = lambda cards: None,
    ) -> None:
        self._describe = describe
        self._door = door
        self._given = keys or {}
        self._environment: Mapping[str, str] = {}
        self._number = workers
        self._drain_s = drain_s
        self._log_level = log_level
        self._watch = watch
        self._ready = ready
        self._lost: Callable[[int], None] = lambda pid: None
        self._crew: Crew | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._leaving: set[Hired] = set()
        self._draining = False

    def count(self, lost: Callable[[int], None], environment: Mapping[str, str]) -> None:
        """Let *lost* be told the number of each process that has ended, and workers have *environment* besides ours."""
        self._lost, self._environment = lost, environment

    @property
    def is_ready(self) -> bool:
        """Whether questions are taken."""
        return self._crew is not None and not self._draining

    def run(self) -> None:
        """Serve. Raises PoebookError where the bots cannot be served to begin with."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        self._over, self._renew = asyncio.Event(), asyncio.Event()
        for sig in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sig, self._end)
        is_terminals = _has_terminal() and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN  # else nohup's
        loop.add_signal_handler(signal.SIGHUP, self._hung_up, is_terminals)
        still = threading.Event()
        if self._watch:
            threading.Thread(target=self._look, args=[loop, still], name="poebook-changes", daemon=True).start()
        work = asyncio.create_task(self._work())
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({work, over}, return_when=asyncio.FIRST_COMPLETED)
            if work.done() and not over.done():
                work.result()  # raises: work itself has no end
        finally:
            still.set()
            await _cancelled(work, over)
            await self._finish()

    def _hung_up(self, is_terminals: bool) -> None:
        """A terminal that is closed ends what was begun in it; else somebody asks for a renewal."""
        if is_terminals and not _has_terminal():
            self._end()
        else:
            self._renew.set()

    # -- beginning and changing ---------------------------------------------------------------------------------

    async def _work(self) -> None:
        """Serve what is described, and again whenever that is to be renewed. Has no end but an error or a cancel."""
        while True:
            change, renewal = asyncio.create_task(self._change()), asyncio.create_task(self._renew.wait())
            try:
                await asyncio.wait({change, renewal}, return_when=asyncio.FIRST_COMPLETED)
                if change.done():
                    self._told(change.exception())
                    await renewal
            finally:  # what hangs while it is made is given up for what was saved since
                await _cancelled(change, renewal)
            self._renew.clear()

    def _told(self, error: BaseException | None) -> None:
        """Say why a change did not succeed; raises *error* where nothing can mend it."""
        if error is None:
            return
        mendable = isinstance(error, PoebookError) and status_of(error) != 2 and self._watch
        if self._crew is None and not mendable:
            raise error
        before = "nothing is served yet" if self._crew is None else "what was there before goes on"
        logger.error("%s", error)
        logger.error("That cannot be served, so %s; the next change of a file tries again.", before)

    async def _change(self) -> None:
        """Let new workers take over."""
        crew = await self._hire(self._describe())
        for place in crew.workers:
            crew.keepers.append(asyncio.create_task(self._keep(crew, place)))
        before, self._crew = self._crew, crew
        if before is None:
            self._ready(crew.cards)
        else:
            logger.info("Reloaded: %s.", ", ".join(card.name for card in crew.cards))
            task = asyncio.create_task(self._retire(before))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def _hire(self, spec: ServiceSpec) -> Crew:
        """Workers for *spec*: the first alone, so that what is wrong is told once; its keys are the others'."""
        board = Board.of(self._number)
        job = Job(spec, self._door.fileno(), board.file, 0, -1, True, self._drain_s, self._log_level)
        try:
            first = await Hired.hire(job, self._given, self._environment)
        except BaseException:
            board.close()
            raise
        keys = {} if spec.no_key else first.said.keys or {}
        crew = Crew(replace(job, first=False), keys, board, {0: first})
        tasks = [asyncio.create_task(self._hire_for(crew, place)) for place in range(1, self._number)]
        try:
            for place, one in enumerate(await asyncio.gather(*tasks), 1):
                crew.workers[place] = one
        except BaseException:
            await _cancelled(*tasks)
            for task in tasks:
                if not task.cancelled() and task.exception() is None:
                    task.result().signal(signal.SIGKILL)
            first.signal(signal.SIGKILL)
            board.close()
            raise
        return crew

    async def _hire_for(self, crew: Crew, place: int) -> Hired:
        return await Hired.hire(replace(crew.job, place=place), crew.keys, self._environment)

    async def _keep(self, crew: Crew, place: int) -> None:
        """Put another worker in the place of each that ends by itself."""
        loop = asyncio.get_running_loop()
        shortest, longest = _PAUSES_S
        pause = 0.0
        while True:
            began, worker = loop.time(), crew.workers[place]
            how = await worker.ended()
            crew.board[place] = AWAY
            self._lost(worker.pid)
            logger.warning("The worker process %d %s; another takes its place.", worker.pid, how)
            pause = 0.0 if loop.time() - began > _STEADY_S else min(longest, max(shortest, pause * 2))
            while True:
                await asyncio.sleep(pause)
                try:
                    crew.workers[place] = await self._hire_for(crew, place)
                    break
                except (PoebookError, OSError) as error:
                    pause = min(longest, max(shortest, pause * 2))
                    logger.error("%s", error)
                    logger.error("No worker takes that place; the next try is in %.0f seconds.", pause)

    def _look(self, loop: asyncio.AbstractEventLoop, still: threading.Event) -> None:
        for files in changes(self._watch, still):
            logger.info("Changed: %s.", ", ".join(sorted(file.name for file in files)))
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self._renew.set)

    # -- ending -------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        self._draining = True
        if not self._over.is_set():
            self._over.set()
            return
        for worker in self._all():
            worker.signal(signal.SIGKILL)

    def _all(self) -> set[Hired]:
        return self._leaving | (set(self._crew.workers.values()) if self._crew is not None else set())

    async def _finish(self) -> None:
        self._door.close()  # while anybody holds it open, who comes hangs instead of being refused
        if self._crew is not None:
            await self._retire(self._crew)
        if self._retiring:
            await asyncio.wait(self._retiring)

    async def _retire(self, crew: Crew) -> None:
        """Have *crew* finish what it has begun, and end."""
        await _cancelled(*crew.keepers)
        workers = set(crew.workers.values())
        self._leaving |= workers
        for one in workers:
            one.signal(signal.SIGTERM)
        ends = {one: asyncio.create_task(one.ended()) for one in workers}
        await asyncio.wait(ends.values(), timeout=self._drain_s + _LAST_S)
        for one, end in ends.items():
            if not end.done():
                one.signal(signal.SIGKILL)
                await end
            self._lost(one.pid)
        self._leaving -= workers
        crew.board.close()


async def _cancelled(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _has_terminal() -> bool:
    """Whether a terminal is there that may be closed."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True
