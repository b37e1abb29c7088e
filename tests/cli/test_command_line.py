"""The command line, run as a person runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import poebook as fp
from poebook.version import __version__
from tests.elsewhere import Elsewhere, elsewhere
from tests.keyless.hearing import hear

PATIENCE = 30.0
ECHO = """\
import poebook as fp


class Echo(fp.PoeBot):
    async def get_response(self, request):
        yield request.query[-1].content
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "echo.py").write_text(ECHO)
    (tmp_path / "many.py").write_text(ECHO + "\n\nclass Other(fp.PoeBot):\n    pass\n\n\nready = Echo()\n")
    (tmp_path / "shout.py").write_text("def get_response(request):\n    return request.query[-1].content.upper()\n")
    (tmp_path / "nothing.py").write_text("x = 1\n")
    (tmp_path / "notes.txt").write_text("x = 1\n")
    (tmp_path / "original.py").write_text("import fastapi_poe as fp\n\nclass Tide(fp.PoeBot):\n    pass\n")
    (tmp_path / "plain.py").write_text("class Tide:\n    def get_response(self, request):\n        return 'hi'\n")
    (tmp_path / "slip.py").write_text(
        ECHO.replace("Echo", "Slip").replace("get_response", "get_reponse") + "\n\nready = Slip()\n"
    )
    (tmp_path / "mistaken.py").write_text("import poebook as fp\n\nclass Tide(fp.Poebot):\n    pass\n")
    (tmp_path / "broken.py").write_text("x = 1\n\ny = x / 0\n")
    (tmp_path / "lacking.py").write_text("import there_is_no_such_package\n")
    (tmp_path / "needy.py").write_text(
        ECHO.replace("Echo", "Needy") + "\n    def __init__(self, model):\n        super().__init__()\n"
    )
    return tmp_path


@pytest.fixture(scope="module")
def parrot() -> Iterator[Elsewhere]:
    with elsewhere() as one:
        yield one


def poebook(*words: str, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "poebook", *words]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE)


@contextmanager
def serving(*words: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``poebook serve ... --port 0`` and the URL that it says."""
    command = [sys.executable, "-m", "poebook", "serve", *words, "--port", "0", "--host", "127.0.0.1"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if " is running on " in line:
                break
        assert " is running on " in said, said
        yield process, said.rpartition(" is running on ")[2].split()[0]
    finally:
        process.terminate()
        process.wait(PATIENCE)
        hear("what a service said", said + process.stdout.read())
        process.stdout.close()


def test_the_version_is_told() -> None:
    done = poebook("--version")
    assert (done.returncode, done.stdout) == (0, f"poebook {__version__}\n")


def test_the_installed_command_is_the_same_program() -> None:
    program = Path(sys.executable).parent / "poebook"
    done = subprocess.run([program, "--version"], capture_output=True, text=True)
    assert done.stdout == poebook("--version").stdout


def test_without_a_command_the_help_is_shown_as_wrong_use() -> None:
    done = poebook()
    assert done.returncode == 2
    assert "serve" in done.stdout
    assert poebook("--help").returncode == 0


@pytest.mark.parametrize("command", ["lab", "serve", "chat", "ask"])
def test_every_command_has_help(command: str) -> None:
    done = poebook(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: poebook {command}")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["swerve"], "invalid choice: 'swerve'"),
        (["serve"], "the following arguments are required: TARGET"),
        (["serve", "echo:Echo", "--prot", "1"], "poebook serve: error: unrecognized arguments: --prot 1"),
        (["serve", "nowhere:Echo"], "There is no module named nowhere here."),
        (["serve", "echo.py:Ecko"], "echo.py has no Ecko. Did you mean echo.py:Echo?"),
        (["serve", "gone.py"], "There is no file gone.py."),
        (["serve", "nothing.py"], "nothing.py defines no bot: write a class that subclasses fp.PoeBot, or a function "),
        (["serve", "nothing.py"], "or name a bot that it imports, as in nothing.py:Bot."),
        (["serve", "notes.txt"], "notes.txt is neither Python nor a notebook; name a file that ends in .py or .ipynb."),
        (["serve", "original.py"], "original.py: Tide is a bot of fastapi_poe; `import poebook as fp` makes it one of"),
        (["poe", "original.py"], "original.py: Tide is a bot of fastapi_poe; `import poebook as fp` makes it one of"),
        (["serve", "plain.py"], "plain.py: Tide is no bot yet; let it subclass fp.PoeBot: class Tide(fp.PoeBot)."),
        (["serve", "slip.py"], "Slip has no get_response, but a get_reponse; rename that to have it answer."),
        (["serve", "slip.py:ready"], "Slip has no get_response, but a get_reponse; rename that to have it answer."),
        (["serve", "echo:fp"], "is no bot"),
        (["serve", "needy:Needy"], "Needy needs model when it is made"),
        (["serve", "book.ipynb"], "There is no file"),
        (["serve", "echo.py", "--key", "short"], "has 5 characters"),
        (["serve", "echo.py", "--key", "k" * 32, "--no-key"], "exclude each other"),
        (["serve", "echo.py", "--port", "70000"], "70000 is no port"),
        (["ask", "nobody", "hi"], "set POE_API_KEY"),
        (
            ["ask", "nobody", "hi"],
            "A bot that another program serves is asked by its address, as in http://127.0.0.1:8080",
        ),
        (
            ["ask", "echo.py", "hi"],
            "echo.py is a file; `poebook serve echo.py` serves its bot, and says the address that",
        ),
        (["chat", "echo.py"], "poebook chat: echo.py is a file; `poebook serve echo.py` serves its bot"),
        (
            ["sync", "Tides", "--key", "short"],
            "give its access key, which the settings of Tides at poe.com",
        ),
        (["sync", "Tides"], "give its access key, which the settings of Tides at poe.com show, with --key"),
        (["ask", "nobody"], "the following arguments are required: TEXT"),
        (["lab", "no-such-folder"], "no-such-folder is no folder."),
    ],
)
def test_wrong_use_is_a_sentence_and_status_2(folder: Path, words: list[str], says: str) -> None:
    done = poebook(*words, folder=folder)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "k" * 32 not in done.stderr


def test_a_name_that_poebook_has_not_is_shown_by_the_authors_line_alone(folder: Path) -> None:
    done = poebook("serve", "mistaken.py", folder=folder)
    assert done.returncode == 1
    assert done.stderr.count("  File ") == 1
    assert 'mistaken.py", line 3' in done.stderr
    assert done.stderr.endswith("AttributeError: module 'poebook' has no attribute 'Poebot'. Did you mean: 'PoeBot'?\n")


@pytest.mark.parametrize(
    ("target", "says"),
    [("broken.py", 'broken.py", line 3'), ("broken", "ZeroDivisionError"), ("lacking", "there_is_no_such_package")],
)
def test_an_authors_error_is_shown_from_their_own_line_on(folder: Path, target: str, says: str) -> None:
    done = poebook("serve", target, folder=folder)
    assert done.returncode == 1
    assert says in done.stderr
    assert "poebook/cli" not in done.stderr
    assert "importlib" not in done.stderr


@pytest.mark.parametrize("target", ["echo:Echo", "echo", "echo.py", "echo.py:Echo", "many:ready", "many.py"])
def test_a_bot_is_served_and_asked(folder: Path, target: str) -> None:
    with serving(target, "--key", "k" * 32, folder=folder) as (_, url):
        done = poebook("ask", url, "hello", "there", "--key", "k" * 32)
        assert (done.returncode, done.stdout, done.stderr) == (0, "hello there\n", "")


def test_a_function_is_served(folder: Path) -> None:
    with serving("shout.py", "--no-key", folder=folder) as (_, url):
        assert poebook("ask", url, "hi").stdout == "HI\n"


def test_a_bot_served_without_a_word_about_keys_has_one_that_is_kept(folder: Path, own_home: Path) -> None:
    with serving("echo:Echo", folder=folder) as (process, url):
        assert process.stdout is not None
        assert process.stdout.readline() == f"Its key is in {own_home / 'keys' / 'Echo.key'}.\n"
        refused = poebook("ask", url, "hi")
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        key = (own_home / "keys" / "Echo.key").read_text()
        assert poebook("ask", url, "hi", POE_ACCESS_KEY=key).stdout == "hi\n"
        assert poebook("ask", url, "hi", "--key", "$ECHO_KEY", ECHO_KEY=key).stdout == "hi\n"


def test_ctrl_c_ends_the_server_in_order(folder: Path) -> None:
    with serving("echo:Echo", "--no-key", folder=folder) as (process, url):
        assert fp.Conversation(url).ask("hi").text == "hi"
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()


def test_a_port_that_is_taken_is_a_failure(folder: Path) -> None:
    with serving("echo:Echo", "--no-key", folder=folder) as (_, url):
        port = url.rstrip("/").rpartition(":")[2]
        done = poebook("serve", "echo:Echo", "--host", "127.0.0.1", "--port", port, folder=folder)
    assert (done.returncode, done.stderr) == (1, f"poebook serve: port {port} is taken; name another with --port.\n")


def test_a_bot_elsewhere_is_asked_by_its_url(parrot: Elsewhere) -> None:
    done = poebook("ask", parrot.url, "hi", "there", POE_ACCESS_KEY=parrot.key)
    assert (done.returncode, done.stdout) == (0, "From elsewhere: hi there\n")
    refused = poebook("ask", parrot.url, "hi", "--key", "x" * 32)
    assert refused.returncode == 1
    assert "x" * 32 not in refused.stderr


def test_an_answer_that_ends_in_an_error_is_a_failure(folder: Path) -> None:
    (folder / "busy.py").write_text(
        "import poebook as fp\nasync def get_response(request):\n"
        "    yield 'so far'\n    yield fp.ErrorResponse(text='Come back later.')\n"
    )
    with serving("busy.py", "--no-key", folder=folder) as (_, url):
        done = poebook("ask", url, "hi")
    assert (done.returncode, done.stdout) == (1, "so far\n")
    assert "Come back later." in done.stderr


def test_nobody_there_is_a_failure() -> None:
    done = poebook("ask", "http://127.0.0.1:9/", "hi")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.fixture
def pretended_lab(tmp_path: Path) -> dict[str, Any]:
    """A JupyterLab that only says how it was started."""
    place = tmp_path / "packages" / "jupyterlab"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("")
    (place / "__main__.py").write_text("import json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    return {"PYTHONPATH": str(place.parent)}


def test_lab_opens_the_first_tutorial(pretended_lab: dict[str, Any]) -> None:
    options = json.loads(poebook("lab", **pretended_lab).stdout)
    notebooks = Path(__file__).resolve().parents[2] / "notebooks"
    assert f"--ServerApp.root_dir={notebooks}" in options
    assert "--LabApp.default_url=/lab/tree/00_first_bot.ipynb" in options


def test_lab_opens_a_folder_of_ones_own_and_hands_options_on(folder: Path, pretended_lab: dict[str, Any]) -> None:
    options = json.loads(poebook("lab", str(folder), "--no-browser", **pretended_lab).stdout)
    assert f"--ServerApp.root_dir={folder}" in options
    assert not [option for option in options if "default_url" in option]
    assert options[-1] == "--no-browser"


def test_the_value_of_an_option_of_jupyterlabs_is_no_folder(pretended_lab: dict[str, Any]) -> None:
    options = json.loads(poebook("lab", "--port", "8899", **pretended_lab).stdout)
    assert options[-2:] == ["--port", "8899"]


def test_a_file_that_does_not_compile_is_shown_by_its_own_line_alone(folder: Path) -> None:
    (folder / "unfinished.py").write_text("x = 1\nclass A(:\n")
    done = poebook("serve", "unfinished.py", folder=folder)
    assert done.returncode == 1
    first, *_, last = done.stderr.splitlines()
    assert first.strip() == f'File "{folder / "unfinished.py"}", line 2'
    assert last.startswith("SyntaxError")


def test_lab_without_jupyterlab_says_what_to_install() -> None:
    program = "import sys; from poebook.cli import lab, main; lab.find_spec = lambda _: None; sys.exit(main(['lab']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "poebook: This needs the package jupyterlab: pip install 'poebook[notebook]'.\n"


def test_the_command_line_needs_nothing_of_the_notebook(folder: Path) -> None:
    program = (
        "import sys\n"
        "for name in ('IPython', 'ipywidgets', 'anywidget', 'pyngrok', 'jupyterlab'): sys.modules[name] = None\n"
        "from poebook.cli.loading import load\n"
        "import poebook as fp\n"
        "with fp.serve(load('echo.py')) as bot: print(bot.ask('hi'))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert done.stdout == "hi\n", done.stderr
