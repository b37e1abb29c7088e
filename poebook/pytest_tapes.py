"""Tapes as tests: an item for each turn. Imported once pytest meets a tape."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from poebook.cli.failure import Failure
from poebook.cli.replay import target_of
from poebook.client.tapes.keeping import read_tape
from poebook.client.tapes.outcome import ReplayTurn
from poebook.client.tapes.replaying import Replaying
from poebook.errors import PoebookError
from poebook.runtime.service.targets import BOT_FILE

_NAMED = re.compile(r"\s*([\w .-]+?)\s*=\s*(\S.*)")
_IS_CODE = re.compile(r".+\.py(:.+)?|[\w.]+:\w+")
_NOBODY = (
    "Nobody is named who is asked what is on this tape; set poebook_target = bot.py:Bot in pytest's settings, or give "
    "--poebook-target."
)
_targets = pytest.StashKey[dict[str, object]]()


class TapeFile(pytest.File):
    """A tape; its turns are asked in one conversation that is new to the bot, in their order."""

    def collect(self) -> Iterator[pytest.Item]:
        try:
            tape = read_tape(self.path)
        except PoebookError as error:
            raise self.CollectError(str(error)) from None
        spec = _spec(self.config, tape.target)
        if spec is None:
            yield _Skipped.from_parent(self, name="no target")
            return
        replaying: list[Replaying] = []

        def turn(number: int) -> ReplayTurn:
            if not replaying:
                target = _target(self.config, spec)
                replaying.append(Replaying(tape, target, key=os.environ.get("POE_ACCESS_KEY")))
            return replaying[0].turn(number)

        lines = [n for n, line in enumerate(self.path.read_text(encoding="utf-8").split("\n")) if '{"turn"' in line[:8]]
        for number, recorded in enumerate(tape.turns, 1):
            name = f"{number}: {' '.join(recorded.question.split())[:50]}"
            line = lines[number - 1] if number <= len(lines) else 0
            yield _Turn.from_parent(self, name=name, number=number, line=line, ask=turn)


class _Changed(Exception):
    """A turn that is another than it was."""


class _Turn(pytest.Item):
    def __init__(self, *, number: int, line: int, ask: Any, **more: Any) -> None:  # pytest's own arguments
        super().__init__(**more)
        self._number, self._line, self._ask = number, line, ask

    def runtest(self) -> None:
        turn: ReplayTurn = self._ask(self._number)
        for note in turn.notes:
            self.add_report_section("call", "poebook", note)
        if not turn.passed:
            raise _Changed(str(turn))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, _Changed | PoebookError | Failure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        return self.path, self._line, f"{self.path.name}: {self.name}"


class _Skipped(pytest.Item):
    def runtest(self) -> None:
        pytest.skip(_NOBODY)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        return self.path, 0, self.path.name


def _spec(config: pytest.Config, recorded: str | None) -> str | None:
    """Who is asked: as the command line says, as the settings say of this bot or of all, as the tape says, bot.py."""
    given = config.getoption("--poebook-target") or _of_lines(config.getini("poebook_target"), recorded)
    own = BOT_FILE if (config.rootpath / BOT_FILE).is_file() else None  # as in a folder that is served
    return given or _code(recorded) or own


def _of_lines(lines: Iterable[str], recorded: str | None) -> str | None:
    """What the settings say.

    >>> _of_lines(["bot.py", "echo = other.py:Echo"], "echo"), _of_lines(["bot.py", "echo = other.py:Echo"], "tides")
    ('other.py:Echo', 'bot.py')
    """
    everybody = None
    for line in lines:
        named = _NAMED.fullmatch(line)
        if named is None:
            everybody = line.strip()
        elif named[1] == recorded:
            return named[2].strip()
    return everybody


def _code(recorded: str | None) -> str | None:
    """What the tape names, where that is a file or a module and no bot's name.

    >>> _code("bot.py"), _code("tides:Tides"), _code("echo")
    ('bot.py', 'tides:Tides', None)
    """
    return recorded if recorded is not None and _IS_CODE.fullmatch(recorded) else None


def _target(config: pytest.Config, spec: str) -> object:
    """The bot, made once a run; files are found from pytest's root folder. Raises Failure."""
    made = config.stash.setdefault(_targets, {})
    if spec not in made:
        made[spec] = target_of(spec, Path(config.rootpath))
    return made[spec]
