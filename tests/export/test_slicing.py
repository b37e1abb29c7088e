"""What of a notebook comes along with a bot, and what of it is told instead."""

from __future__ import annotations

import ast
import importlib
import json
import textwrap
from pathlib import Path

import pytest

from poebook.errors import PoebookError
from poebook.export.notebooks import Cell, cells_of
from poebook.export.slicing import Slice, names_of, slice_bot

ROOT = Path(__file__).resolve().parents[2]
BOT = "%%poebot echo\ndef get_response(request):\n    return {}"


def sliced(*sources: str, name: str | None = None) -> Slice:
    """The slice of a notebook with these cells, which are counted from 1."""
    return slice_bot([Cell(n, textwrap.dedent(source)) for n, source in enumerate(sources, 1)], name)


def body(one: Slice) -> str:
    """The source without its docstring, and without what makes a bot of functions."""
    lines = one.source.split("\n")[2:]
    return "\n".join(line for line in lines if "bot_from_functions" not in line).strip()


def told(one: Slice) -> list[str]:
    return [str(problem) for problem in one.problems]


def test_only_what_is_reached_comes_along() -> None:
    one = sliced("import os, re", "unused = os.getcwd()", "WORD = re.compile('x')", BOT.format("WORD.pattern"))
    assert "import re" in one.source
    assert "import os" not in one.source
    assert "unused" not in one.source
    assert one.problems == []


def test_single_names_of_an_import_are_picked() -> None:
    one = sliced("from math import pi, tau as two_pi, floor", BOT.format("str(two_pi)"))
    assert "from math import tau as two_pi\n" in one.source


def test_comments_decorators_and_docstrings_stay_as_they_were_written() -> None:
    helper = '''\
        # How loud?
        # Very.
        @loud  # as loud as can be
        def shout(text):
            """Shouts."""
            return text.upper()   # not lower
            # nothing follows
    '''
    one = sliced("def loud(f): return f", helper, BOT.format("shout('x')"))
    assert textwrap.dedent(helper).strip() in one.source


def test_a_constant_that_was_changed_later_has_its_last_value() -> None:
    one = sliced("LIMIT = 3", BOT.format("str(LIMIT)"), "LIMIT = 5")
    assert "LIMIT = 5" in one.source
    assert "LIMIT = 3" not in one.source


def test_a_value_that_was_used_at_once_is_what_it_was_then() -> None:
    one = sliced("N = 3", "M = N + 1", "N = 10", BOT.format("str(M)"))
    assert body(one).startswith("N = 3\n\nM = N + 1")
    assert "N = 10" not in one.source


def test_a_function_called_at_once_sees_what_was_there_then() -> None:
    one = sliced("N = 1", "def n(): return N", "FIRST = n()", "N = 2", BOT.format("f'{FIRST} {n()}'"))
    names: dict[str, object] = {}
    exec(body(one), names)
    assert (names["FIRST"], names["N"]) == (1, 2)


@pytest.mark.parametrize(
    "change",
    [
        "TABLE['x'] = 1",
        "TABLE.update(x=1)",
        "TABLE |= {'x': 1}",
        "for key in 'xy':\n    TABLE[key] = 1",
        "if True:\n    TABLE['x'] = 1",
        "with open(__file__) if False else __import__('contextlib').nullcontext():\n    TABLE['x'] = 1",
        "alias = TABLE\nalias['x'] = 1",
        "def fill(table):\n    table['x'] = 1\nfill(TABLE)",
        "def fill():\n    TABLE['x'] = 1\nfill()",
        "def again():\n    global TABLE\n    TABLE = {'x': 1}\nagain()",
        "def register(f):\n    TABLE[f.__name__] = 1\n    return f\n@register\ndef x(): ...",
        "try:\n    TABLE.pop('y')\nexcept KeyError:\n    TABLE['x'] = 1",
    ],
)
def test_what_changes_a_reached_value_comes_along(change: str) -> None:
    one = sliced("TABLE = {}", change, BOT.format("str(TABLE)"), "print(TABLE)")
    names: dict[str, object] = {"__file__": __file__}
    exec(body(one), names)
    assert "x" in str(names["TABLE"])
    assert "print" not in one.source


def test_classes_that_register_themselves_come_along() -> None:
    one = sliced(
        "KINDS = []",
        "class Kind:\n    def __init_subclass__(cls):\n        KINDS.append(cls.__name__)",
        "class Tide(Kind): ...",
        BOT.format("str(KINDS)"),
    )
    assert "class Tide(Kind)" in one.source


def test_the_last_cell_of_a_name_is_the_bot() -> None:
    one = sliced("%%poebot a\ndef get_response(r): return 'one'", "%%poebot a\ndef get_response(r): return 'two'")
    assert "'two'" in one.source
    assert "'one'" not in one.source


def test_two_bots_of_functions_do_not_mix() -> None:
    cells = ("%%poebot a\ndef get_response(r): return 'one'", "%%poebot b\ndef get_response(r): return 'two'")
    assert "'two'" not in sliced(*cells, name="a").source
    with pytest.raises(PoebookError, match=r"Which bot\? Here are a and b; name one"):
        sliced(*cells)
    with pytest.raises(PoebookError, match=r"There is no bot named c; here are a and b\."):
        sliced(*cells, name="c")


def test_magics_are_left_out_and_unwrapped() -> None:
    one = sliced(
        "%load_ext poebook\n!pip install x\nimport json\n%matplotlib inline",
        "%%time\nTABLE = json.loads('[1]')",
        "%%bash\nTABLE=2",
        "%time MORE = 1",
        "%%poebot echo --introduction 'Say it.' --key $KEY\ndef get_response(request):\n    return f'{TABLE} {MORE}'",
    )
    assert "TABLE = json.loads('[1]')" in one.source
    assert "MORE = 1" in one.source
    assert "%" not in one.source
    assert "KEY" not in one.source
    assert "Say it." in one.source
    assert one.problems == []


def test_what_a_magic_binds_is_told_when_it_is_needed() -> None:
    one = sliced("files = !ls", BOT.format("str(files)"))
    assert told(one) == [
        "cell 1: `files` is bound by a command in a shell, which only a notebook has; cell 2 needs it."
    ]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["x = nowhere", BOT.format("str(x)")], "cell 1: `nowhere` is needed, and no cell that ran defines it."),
        (["from os.path import *", BOT.format("join('a')")], "cell 1: `join` must come from `from os.path import *`"),
        ([BOT.format("str(globals())")], "cell 1: `globals` finds names while it runs"),
        ([BOT.format("input()")], "cell 1: `input` waits for somebody at a keyboard"),
        ([BOT.format("display(1)")], "cell 1: `display` is there in a notebook only."),
        (
            ["SEEN = []", "def note():\n    SEEN.append(1)", BOT.format("str(SEEN)")],
            "cell 2: `note` changes `SEEN` when it is called",
        ),
        (
            ["import lib", "SEEN = []", "lib.fill(SEEN)", BOT.format("str(SEEN)")],
            "cell 3: `lib.fill` was given `SEEN`, which the bot needs",
        ),
        (["async def f(): return 1", "x = await f()", BOT.format("str(x)")], "cell 2: it awaits at its own level"),
        (
            [
                "%%poebot b\ndef get_response(r): return ''",
                "%%poebot a\ndef get_response(r): return fp.Conversation('b')",
            ],
            "cell 2: it calls b, a bot of this notebook",
        ),
    ],
)
def test_what_cannot_be_carried_is_told_with_its_cell(cells: list[str], says: str) -> None:
    one = sliced(*cells, name="a" if len(cells) == 2 and "%%poebot a" in cells[1] else None)
    assert any(line.startswith(says) for line in told(one)), told(one)


def test_a_cell_that_raised_counts_as_far_as_it_ran() -> None:
    cells = [
        Cell(1, "A = 1"),
        Cell(2, "A = 2\nB = 1 / 0\nA = 3", stopped_at=2),
        Cell(3, BOT.format("str(A)")),
    ]
    one = slice_bot(cells)
    assert "A = 2" in one.source
    assert "A = 3" not in one.source
    assert "1 / 0" not in one.source


def test_await_at_a_cells_own_level_is_run_when_the_module_starts() -> None:
    one = sliced("async def f(x): return x", "x = await f(1)", BOT.format("str(x)"))
    assert "x = asyncio.run(f(1))" in one.source


def test_an_object_that_a_cell_ends_in_is_the_bot() -> None:
    cell = "%%poebot wise\nclass Wise(fp.PoeBot):\n    def __init__(self, n):\n        self.n = n\n\nWise(3)"
    assert sliced(cell).source.rstrip().endswith("bot = Wise(3)")


def test_a_bot_that_was_made_before_a_constant_changed_is_made_before_it_changes() -> None:
    one = sliced(
        "N = 1",
        "%%poebot a\nclass A(fp.PoeBot):\n    def __init__(self):\n        self.n = N\n"
        "    async def get_response(self, request):\n        yield f'{self.n} {N}'",
        "N = 2",
    )
    names: dict[str, object] = {}
    exec(one.source, names)
    assert (names["bot"].n, names["N"]) == (1, 2)  # type: ignore[attr-defined]  # an A


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("0*.ipynb")), ids=lambda path: path.stem)
def test_every_bot_of_the_tutorials_becomes_a_module(notebook: Path) -> None:
    cells = cells_of(notebook)
    assert names_of(cells)
    for name in names_of(cells):
        compile(slice_bot(cells, name).source, "bot.py", "exec")


def test_cells_come_in_the_order_in_which_they_ran(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "code", "source": source, "execution_count": n} for source, n in (("b = 1", 7), ("a = 2", 3))
    ]
    file = tmp_path / "n.ipynb"
    file.write_text(json.dumps({"cells": cells}))
    assert [(cell.source, str(cell)) for cell in cells_of(file)] == [("a = 2", "cell [3]"), ("b = 1", "cell [7]")]


def test_names_that_only_functions_bind_are_found() -> None:
    one = sliced("def begin():\n    global STATE\n    STATE = 'ready'", "begin()", BOT.format("STATE"))
    assert "begin()" in one.source
    assert one.problems == []


def test_a_function_called_top_keeps_its_own_names() -> None:
    one = sliced("def top(which):\n    much = 1\n    return which * much", BOT.format("str(top(2))"))
    assert one.problems == []


def test_a_star_stands_on_a_line_of_its_own() -> None:
    one = sliced("from math import *\nfrom math import pi", BOT.format("f'{pi} {tau}'"))
    assert "from math import *\nfrom math import pi\n" in one.source


@pytest.mark.parametrize("module", ["tokenize", "poplib", "mimetypes", "dataclasses", "argparse", "enum"])
def test_modules_of_the_standard_library_stay_python_when_they_are_cut(module: str) -> None:
    source = Path(str(importlib.import_module(module).__file__)).read_text(encoding="utf-8")
    kinds = (ast.FunctionDef, ast.ClassDef)
    for name in [node.name for node in ast.parse(source).body if isinstance(node, kinds)][:4]:
        one = slice_bot([Cell(1, source), Cell(2, BOT.format(f"str({name})"))])
        compile(one.source, "bot.py", "exec")
        assert [str(problem) for problem in one.problems if problem.kind == "undefined"] == []


def test_which_of_several_classes_is_taken_is_told() -> None:
    bots = """
        import poebook as fp
        class Base(fp.PoeBot): ...
        class Low(Base): ...
        class High(Base): ...
    """
    assert sliced(bots).name == "High"
    assert told(sliced(bots)) == [
        "There are Low and High in notebook.ipynb; High, the last one, is taken. To have another, name it, as in "
        "notebook.ipynb:Low."
    ]
    assert told(sliced(bots, name="Low")) == []


def test_which_of_several_bots_is_taken_is_told() -> None:
    (line,) = told(sliced("import poebook as fp", "a = fp.PoeBot()\nb = fp.PoeBot()"))
    assert line.startswith("There are a and b in notebook.ipynb; b, the last one, is taken.")
