"""Notebooks of many habits, run in a real shell, exported, and asked again in a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from poebook.export.export import Export
from poebook.export.notebooks import cells_of
from tests.notebook.conftest import Notebook

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent / "notebooks"
PASSWORD = "correct horse battery"
PATIENCE = 100.0
TESTED = ("files", "tools", "secret", "chance")  # whose own tests are run as well
KEY = "sk-a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6"


@dataclass(frozen=True)
class Habit:
    """A notebook: its bot, what comes of the export, what is in ``bot.py`` and what is not, what is told."""

    notebook: str
    bot: str
    outcome: str = "alike"
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


HABITS = [
    Habit(
        "helpers_across_cells",
        "counter",
        has=("# How words are found.\nWORD", "from collections import Counter\n", "import re\n", "I count your words."),
        lacks=("math", "scratch", "json", "defaultdict"),
    ),
    Habit("dataclasses", "tides", has=("@dataclass(order=True)", "TIDES.append", "TIDES.sort()"), lacks=("asdict",)),
    Habit("constants_changed_later", "short", has=("LIMIT = 3", "DOUBLE = LIMIT * 2", "LIMIT = 5")),
    Habit("async_helpers", "greeter", has=("asyncio.run(fetched(",), told=("cell [4]: it awaits at its own level",)),
    Habit("tools", "harbourmaster", has=("@fp.tool",), lacks=("class Model",), told=("it calls model, a bot of this",)),
    Habit("files", "almanac", files=("tides.csv", "prompts/opening.txt")),
    Habit(
        "class_hierarchy",
        "butler",
        has=("class Polite", "class Loud", 'bot = Butler("James")', 'introduction_message="At your service."'),
        lacks=("Unused",),
    ),
    Habit("decorator", "commander", has=("COMMANDS = {}", "def backwards", "def upper")),
    Habit("redefinition", "actor", has=('"merry"', '"!"'), lacks=('"grim"', '"?"')),
    Habit("secret", "keeper", has=('os.environ["OPENAI_API_KEY"]  # mine', 'os.environ["PASSWORD"]'), lacks=(KEY,)),
    Habit("chance", "dice", outcome="shape"),
    Habit(
        "out_of_reach",
        "lookout",
        outcome="differs",
        lacks=("threading",),
        told=("cell [3]: `look` changes `SEEN` when it is called",),
    ),
]


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.notebook)
def test_the_export_answers_alike_or_says_why_not(
    habit: Habit, terminal: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/opening.txt").write_text("High water comes at ")
    for cell in cells_of(HERE / f"{habit.notebook}.ipynb"):
        terminal.ok(cell.source)
    terminal.ok(f"made = fp.export_bot('{habit.bot}', 'project')")
    made = terminal.names["made"]
    assert isinstance(made, Export)
    assert made.verdict.outcome == habit.outcome, str(made)
    source = (tmp_path / "project/bot.py").read_text()
    assert [part for part in habit.has if part not in source] == []
    assert [part for part in habit.lacks if part in source] == []
    assert set(habit.files) <= set(made.files)
    told = "\n".join(map(str, made.problems))
    assert [part for part in habit.told if part not in told] == []
    assert len(made.problems) == len(habit.told), told
    everything = "".join(path.read_text() for path in (tmp_path / "project").rglob("*") if path.is_file())
    if habit.notebook in TESTED:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "poebook.pytest", "-p", "no:cacheprovider"]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": KEY, "PASSWORD": PASSWORD}
        tests = subprocess.run(
            command, cwd=tmp_path / "project", env=surroundings, capture_output=True, text=True, timeout=PATIENCE
        )
        assert tests.returncode == 0, tests.stdout + tests.stderr
        assert "skipped" not in tests.stdout
    assert KEY not in everything + str(made) + repr(made) + made._repr_markdown_()
    assert PASSWORD not in everything + str(made) + repr(made)
