"""How many connections each worker process has, where all of them see it: a few numbers in shared memory."""

from __future__ import annotations

import mmap
import os
import sys
import tempfile

AWAY = 2**32 - 1  # what stands at a place where nobody works


class Board:
    """A number at each place. What one process writes the others read at once; ``file`` is to be handed on to them.

    >>> board = Board.of(2)
    >>> board[0] = 3
    >>> board.least(), Board(board.file)[0]
    (3, 3)
    """

    def __init__(self, file: int) -> None:
        """The board in the open file with this descriptor."""
        self.file = file
        self._memory = mmap.mmap(file, 0)
        self._numbers = memoryview(self._memory).cast("I")

    @classmethod
    def of(cls, places: int) -> Board:
        """A new board on which nobody works."""
        file = os.memfd_create("poebook") if sys.platform == "linux" else _temporary()
        os.write(file, AWAY.to_bytes(4, sys.byteorder) * places)
        return cls(file)

    def __getitem__(self, place: int) -> int:
        return self._numbers[place]

    def __setitem__(self, place: int, number: int) -> None:
        self._numbers[place] = number

    def least(self) -> int:
        """The smallest of all numbers."""
        return min(self._numbers)

    def close(self) -> None:
        """Give the memory and both descriptors back; the board of another process stays as it is."""
        self._numbers.release()
        self._memory.close()  # has a descriptor of its own
        os.close(self.file)


def _temporary() -> int:
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
