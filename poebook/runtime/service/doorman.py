"""Who of several processes on one socket takes the next connection: not one that has clearly more than another.

Left to themselves, whoever wakes first takes it, and that is often the same one: of a hundred long answers one of four
processes got half.
"""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable
from typing import Any

from poebook.runtime.service.board import Board

_ALIKE = 4  # connections more or less are no reason to wait, and a quarter of many is none
_WAITS_S = (0.001, 0.002, 0.004, 0.008)  # for one that has less to do; then it is busy with something else
_DEAF_S = 0.05  # and not waited for again so soon
_NO_ROOM_S = 1.0  # until the next try where no more files may be open


class Doorman:
    """Lets connections in from *door*, a listening socket, and keeps on *board* at *place* how many there are.

    While another has clearly fewer, it is left a few milliseconds to take the next.
    """

    def __init__(self, door: socket.socket, protocol: Callable[[], asyncio.Protocol], board: Board, place: int) -> None:
        self.connections: set[Any] = _Counted(self._note)
        self._door = door
        self._protocol = protocol
        self._board = board
        self._place = place
        self._loop = asyncio.get_running_loop()
        self._entering: set[asyncio.Task[None]] = set()
        self._pause: asyncio.TimerHandle | None = None
        self._waits = 0
        self._closed = False
        self._deaf_until = 0.0
        door.setblocking(False)
        self._knocks = select.poll()
        self._knocks.register(door, select.POLLIN)
        self._note()
        self._look()

    def close(self) -> None:
        """Let nobody in any more."""
        if self._closed:
            return
        self._closed = True
        if self._pause is None:
            self._loop.remove_reader(self._door)
        else:
            self._pause.cancel()

    def _note(self) -> None:
        self._board[self._place] = len(self.connections) + len(self._entering)

    def _look(self) -> None:
        self._pause = None
        if self._waits and not self._knocks.poll(0):
            self._waits = 0  # it was taken
        self._loop.add_reader(self._door, self._knocked)

    def _knocked(self) -> None:
        if self._leaves_it():
            self._rest(_WAITS_S[self._waits - 1])
            return
        try:
            connection, _ = self._door.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another took it, or it has gone
        except OSError:
            self._rest(_NO_ROOM_S)
            return
        finally:
            self._waits = 0
        connection.setblocking(False)
        self._entering.add(task := self._loop.create_task(self._enter(connection)))
        task.add_done_callback(self._arrived)
        self._note()

    def _leaves_it(self) -> bool:
        """Whether the next is for somebody who has less to do, and can be expected to come."""
        least = self._board.least()
        if self._board[self._place] <= least + _ALIKE + least // 4 or self._loop.time() < self._deaf_until:
            return False
        self._waits += 1
        if self._waits > len(_WAITS_S):
            self._deaf_until = self._loop.time() + _DEAF_S
            return False
        return True

    def _rest(self, seconds: float) -> None:
        self._loop.remove_reader(self._door)
        self._pause = self._loop.call_later(seconds, self._look)

    async def _enter(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError:
            connection.close()

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._entering.discard(task)
        self._note()


class _Counted(set[Any]):
    """A set that tells of each change."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed

    def add(self, item: Any) -> None:
        super().add(item)
        self._changed()

    def discard(self, item: Any) -> None:
        super().discard(item)
        self._changed()
