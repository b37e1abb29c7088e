"""Imports go down the floors, never up; the core needs nothing of the notebook."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OF_THE_NOTEBOOK = ("IPython", "ipywidgets", "anywidget", "traitlets", "pyngrok", "nest_asyncio", "jupyterlab")
HEAVY = ("httpx", "fastapi", "starlette", "uvicorn")


def python(code: str) -> str:
    """Run *code* in a process of its own and give what it printed."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_imports_go_down_only() -> None:
    # Without its cache, which forgets files that came since.
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_poebook_pulls_in_neither_the_notebook_nor_the_network() -> None:
    loaded = python("import sys, poebook; print(*sorted({name.split('.')[0] for name in sys.modules}))").split()
    assert not {*OF_THE_NOTEBOOK, *HEAVY} & set(loaded)


@pytest.mark.parametrize("module", ["types", "base", "client", "sync_utils", "templates"])
def test_the_faces_that_fastapi_poe_has_need_nothing_of_the_notebook(module: str) -> None:
    loaded = python(f"import sys, poebook.{module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))")
    assert not set(OF_THE_NOTEBOOK) & set(loaded.split())


def test_a_bot_is_served_and_asked_where_the_notebook_cannot_be_imported() -> None:
    answer = python(
        f"""
        import sys
        for name in {OF_THE_NOTEBOOK!r}:
            sys.modules[name] = None  # an import of it raises ImportError

        import poebook as fp

        class Echo(fp.PoeBot):
            async def get_response(self, request):
                yield fp.PartialResponse(text=request.query[-1].content)

        with fp.serve(Echo(), "echo") as bot:
            print(bot.ask("over a socket"), fp.Conversation(Echo()).ask("in process"), sep=", ")
        """
    )
    assert answer.strip() == "over a socket, in process"


def test_what_is_missing_is_said_with_the_command_that_installs_it() -> None:
    told = python(
        """
        import sys
        sys.modules["anywidget"] = None
        import poebook as fp

        class Echo(fp.PoeBot):
            async def get_response(self, request):
                yield "hi"

        try:
            fp.Chat(Echo())
        except fp.MissingExtra as error:
            print(error)
        """
    )
    assert "pip install 'poebook[notebook]'" in told
