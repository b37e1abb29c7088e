"""Who has clearly more connections than another leaves it the next."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from poebook.runtime.service.board import AWAY, Board
from poebook.runtime.service.doorman import _DEAF_S, Doorman
from poebook.server.sockets import listening


def test_a_board_is_one_for_all_who_open_it() -> None:
    board = Board.of(3)
    other = Board(board.file)
    assert [other[place] for place in range(3)] == [AWAY] * 3
    board[1] = 7
    assert other[1] == other.least() == 7
    board.close()
    other[1] = 8
    assert other.least() == 8


def test_a_board_that_is_closed_leaves_nothing_open() -> None:
    before = open_files()
    board = Board.of(3)
    assert open_files() != before
    board.close()
    assert open_files() == before


async def test_connections_are_shared_evenly_and_counted_until_they_end() -> None:
    async with doormen(3) as (port, board, let_in):
        guests = [await visit(port) for _ in range(60)]
        await settled(lambda: sum(map(len, let_in)) == 60)
        await settled(lambda: [board[place] for place in range(3)] == [len(one) for one in let_in])
        assert all(12 <= len(one) <= 28 for one in let_in)
        for guest in guests:
            guest.close()
        await settled(lambda: [board[place] for place in range(3)] == [0, 0, 0])


async def test_who_has_more_takes_what_nobody_else_does() -> None:
    async with doormen(1, places=2) as (port, board, let_in):
        board[1] = 0  # one that does not come: its loop is held
        for _ in range(30):
            await visit(port)
        await settled(lambda: len(let_in[0]) == board[0] == 30)


async def test_who_is_held_gets_its_share_afterwards() -> None:
    async with doormen(1, places=2) as (port, board, let_in):
        board[1] = 0
        for _ in range(10):
            await visit(port)
        await settled(lambda: len(let_in[0]) == 10)
        await asyncio.sleep(2 * _DEAF_S)  # who was waited for in vain is waited for again then
        async with doorman(port.door, board, 1) as late:
            for _ in range(10):
                await visit(port)
            await settled(lambda: len(let_in[0]) + len(late) == 20)
            assert len(late) >= 4


async def test_a_connection_that_has_gone_is_not_counted() -> None:
    async with doormen(1) as (port, board, let_in):
        for _ in range(20):
            (await visit(port)).close()
        await settled(lambda: len(let_in[0]) == 20)
        await settled(lambda: board[0] == 0)


async def test_nobody_is_let_in_after_the_end_and_an_end_may_come_twice() -> None:
    with contextlib.closing(Port()) as port:
        board = Board.of(1)
        one = Doorman(port.door, lambda: Guest(one, []), board, 0)
        one.close()
        one.close()
        await visit(port)
        await asyncio.sleep(0.05)
        assert board[0] == 0


async def test_too_many_open_files_are_outlived() -> None:
    class Full(socket.socket):
        is_full = True

        def accept(self) -> tuple[socket.socket, object]:
            if Full.is_full:
                Full.is_full = False
                raise OSError(24, "Too many open files")
            return super().accept()

    async with doormen(1, kind=Full) as (port, _, let_in):
        await visit(port)
        await settled(lambda: len(let_in[0]) == 1)
        assert not Full.is_full


# -- what they stand at ---------------------------------------------------------------------------------------------


class Guest(asyncio.Protocol):
    """A connection that does what uvicorn's do: it enters itself, and takes itself out when it is lost."""

    def __init__(self, at: Doorman, all_: list[Guest]) -> None:
        self.at = at
        self.all = all_

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.at.connections.add(self)
        self.all.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.at.connections.discard(self)


class Port:
    """A listening socket, and the connections to it."""

    def __init__(self, kind: type[socket.socket] = socket.socket) -> None:
        bound = listening("127.0.0.1", 0)
        self.door = kind(fileno=bound.detach())
        self.number: int = self.door.getsockname()[1]
        self.guests: list[socket.socket] = []

    def close(self) -> None:
        self.door.close()
        for guest in self.guests:
            guest.close()


@asynccontextmanager
async def doorman(door: socket.socket, board: Board, place: int) -> AsyncIterator[list[Guest]]:
    """A doorman at *place*, and whom it let in."""
    let_in: list[Guest] = []
    one = Doorman(door, lambda: Guest(one, let_in), board, place)
    try:
        yield let_in
    finally:
        one.close()


@asynccontextmanager
async def doormen(
    number: int, *, places: int = 0, kind: type[socket.socket] = socket.socket
) -> AsyncIterator[tuple[Port, Board, list[list[Guest]]]]:
    """*number* of them at one door, each with a descriptor of its own, as processes have; whom each let in."""
    with contextlib.closing(Port(kind)) as port:
        board = Board.of(places or number)
        async with contextlib.AsyncExitStack() as stack:
            doors = [port.door, *(stack.enter_context(port.door.dup()) for _ in range(1, number))]
            yield (
                port,
                board,
                [await stack.enter_async_context(doorman(door, board, place)) for place, door in enumerate(doors)],
            )


def open_files() -> list[str]:
    gc.collect()
    return sorted(os.listdir("/dev/fd"))  # that of this list itself has one number


async def visit(port: Port) -> socket.socket:
    guest = socket.socket()
    port.guests.append(guest)
    guest.setblocking(False)
    await asyncio.get_running_loop().sock_connect(guest, ("127.0.0.1", port.number))
    return guest


async def settled(happened: Callable[[], bool], patience_s: float = 30.0) -> None:
    async with asyncio.timeout(patience_s):
        while not happened():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
