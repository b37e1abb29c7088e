"""A tape that is being recorded: each answer is on it once it has ended."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from poebook.client.tapes.keeping import Place, read_tape
from poebook.client.tapes.lines import TapeLines, head, opinion, written
from poebook.client.tapes.taking import turn_of
from poebook.client.tapes.tape import Tape, TapeTurn
from poebook.client.turns import Op
from poebook.errors import PoebookError

if TYPE_CHECKING:
    from poebook.client.conversation import Conversation

logger = logging.getLogger("poebook")


class Recording:
    """Writes turns to a file as they end; a context manager, or ended by ``stop``. May be used from any thread.

    ``count`` is how many turns it has written, ``problem`` why it had to end before its time. A file that is there
    already is begun anew, with *append* carried on; one that is no tape is left alone (PoebookError).

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Recording(Path(folder) / "echo.tape.jsonl", "echo") as recording:
    ...     recording.add(TapeTurn("echo", {"query": [{"role": "user", "content": "hi"}]}))
    ...     [turn.question for turn in read_tape(recording.path).turns]
    ['hi']
    """

    def __init__(self, path: Place, target: str | None, *, append: bool = False) -> None:
        self.path = Path(path)
        self.count = 0
        self.problem: str | None = None
        self._on_stop: list[Callable[[], object]] = []
        self._lock = threading.Lock()
        self._is_over = False
        before = read_tape(self.path) if self.path.exists() else None
        self._lines = TapeLines(before.turns if before is not None and append else ())
        if before is not None and append:
            self._mend()
            return
        with _said(self.path):
            self.path.write_text(head(Tape(target=target)) + "\n", encoding="utf-8")

    @property
    def runs(self) -> bool:
        """Whether it goes on."""
        return not self._is_over

    def add(self, turn: TapeTurn) -> None:
        """Write a turn; where that cannot be, the recording ends, and ``problem`` says why."""
        with self._lock:
            if not self._is_over and self._append(self._lines.turn(turn)):
                self.count += 1

    def opinion(self, answer: str, feedback: str | None, reason: str | None, reactions: Iterable[str]) -> None:
        """Write what the asker thinks of an answer."""
        with self._lock:
            if not self._is_over:
                self._append([written(opinion(answer, feedback, reason, reactions))])

    def stop(self) -> None:
        """End it; stopped twice, it is stopped. Raises PoebookError when something could not be written."""
        first, self._is_over = not self._is_over, True
        leave, self._on_stop = self._on_stop, []
        for end in leave:
            end()
        if self.problem is not None and (first or leave):
            raise PoebookError(self.problem)

    def on_stop(self, end: Callable[[], object]) -> None:
        """Have *end* called when it is stopped."""
        self._on_stop.append(end)

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        try:
            self.stop()
        except PoebookError:
            if error is None:
                raise

    def __repr__(self) -> str:
        turns = f"{self.count} {'turn' if self.count == 1 else 'turns'}"
        return f"<Recording {self.path.name}, {turns}{', stopped' if self._is_over else ''}>"

    def _append(self, lines: list[str]) -> bool:
        """Write whole lines at once, so that a crash leaves those before. Whether that could be done."""
        try:
            with self.path.open("ab") as file:
                file.write("".join(f"{line}\n" for line in lines).encode())
        except OSError as error:
            self.problem = f"The tape {self.path} cannot be written on: {error.strerror or error}. It ended there."
            self._is_over = True
            logger.warning("%s", self.problem)
            return False
        return True

    def _mend(self) -> None:
        """Let the next line begin on a line of its own, without what a crash left of one."""
        data = self.path.read_bytes()
        end = data.rfind(b"\n") + 1
        last = data[end:]
        if last.strip():
            whole = last.rstrip().endswith(b"}")
            with _said(self.path):
                self.path.write_bytes(data + b"\n" if whole else data[:end])


def record(conversation: Conversation, path: Place, *, append: bool = False) -> Recording:
    """See ``Conversation.record``."""
    names = conversation.targets
    recording = Recording(path, names[0] if len(names) == 1 else None, append=append)
    dialogue = conversation._dialogue
    taken: set[str] = set()

    def told(op: Op) -> None:
        id = op.get("id")
        if op["op"] == "end" and id not in taken:
            turn = turn_of(dialogue, str(id))
            if turn is not None:
                taken.add(str(id))
                recording.add(turn)
        elif op["op"] in ("feedback", "reactions") and id in taken:
            shown = dialogue.tree.answer(str(id))
            if shown is not None:
                recording.opinion(shown["id"], shown["feedback"], shown["reason"], shown["reactions"])

    recording.on_stop(conversation.subscribe(told))
    return recording


@contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PoebookError(f"No tape can be recorded at {os.fspath(path)}: {error.strerror or error}.") from None
