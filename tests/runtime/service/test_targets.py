"""What can be named to be served, and the paths and keys that bots get."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.runtime.service.running import BOTS, PATIENCE, asked, running

KEY = "k" * 32


@pytest.fixture
def project(folder: Path) -> Path:
    """An exported project: its bot opens a file that lies beside it."""
    place = folder / "support-bot"
    place.mkdir()
    (place / "word.txt").write_text("From the project.")
    (place / "bot.py").write_text("def get_response(request):\n    return open('word.txt').read()\n")
    return place


def test_a_folder_is_served_by_its_bot_and_from_within(project: Path) -> None:
    with running("support-bot", "--no-key", folder=project.parent) as service:
        assert asked(service.url) == "From the project."


CELLS = [
    "%load_ext poebook\nimport getpass\nimport poebook as fp\nAPI_KEY = 'a-secret-of-the-author-007'",
    "raise SystemExit('a cell that no bot needs is not run')",
    "%%poebot tides --introduction 'Ask me.'\ndef get_response(request):\n"
    "    return f'{open(\"word.txt\").read()} {API_KEY[-3:]}'",
    "MOON_PASSWORD = getpass.getpass()\n",
    "%%poebot moon\ndef get_response(request):\n    return MOON_PASSWORD",
]


def notebook(file: Path) -> None:
    """A notebook with two bots; one reads a file beside it."""
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in CELLS]
    file.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def test_a_notebooks_bot_is_served_from_its_folder_with_the_key_that_the_notebook_gave_it(
    project: Path, own_home: Path
) -> None:
    notebook(project / "tides.ipynb")
    with running("support-bot/tides.ipynb:tides", folder=project.parent) as service:
        service.wait_for(f"Its key is in {own_home / 'keys' / 'tides.key'}.")
        key = (own_home / "keys" / "tides.key").read_text()
        assert asked(service.urls["tides"], key=key) == "From the project. 007"
        settings = {"version": "1.2", "type": "settings"}
        said = httpx.post(service.url, json=settings, headers={"authorization": f"Bearer {key}"}).json()
        assert said["introduction_message"] == "Ask me."
        assert "a-secret-of" not in service.told


def test_several_targets_are_asked_at_their_names_with_keys_of_their_own(folder: Path, own_home: Path) -> None:
    (folder / "loud.py").write_text("def get_response(request):\n    return request.query[-1].content.upper()\n")
    with running("bots.py:Echo", "loud.py", folder=folder) as service:
        assert {name: url.removeprefix(service.root) for name, url in service.urls.items()} == {
            "Echo": "/Echo",
            "loud": "/loud",
        }
        keys = {name: (own_home / "keys" / f"{name}.key").read_text() for name in service.urls}
        assert asked(service.urls["Echo"], key=keys["Echo"]) == "hi"
        assert asked(service.urls["loud"], key=keys["loud"]) == "HI"
        refused = httpx.post(service.urls["loud"], json={}, headers={"authorization": f"Bearer {keys['Echo']}"})
        assert refused.status_code == 401
        service.wait_for(f"The key of loud is in {own_home / 'keys' / 'loud.key'}.")


def test_two_folders_are_served_together_though_each_has_a_bot_file(project: Path) -> None:
    other = project.parent / "tide-bot"
    other.mkdir()
    (other / "bot.py").write_text("import poebook as fp\nclass Tide(fp.PoeBot): ...\n")
    (project / "word.txt").rename(project.parent / "word.txt")  # with several folders the current one stays
    with running("support-bot", "tide-bot", "--no-key", folder=project.parent) as service:
        assert [asked(service.urls[name]) for name in ("bot", "Tide")] == ["From the project.", "hello"]


def test_a_files_list_of_bots_is_served_with_the_paths_that_they_have(folder: Path) -> None:
    (folder / "listed.py").write_text(f"{BOTS}\nbots = [Echo(path='/own'), Worker]\n")
    with running("listed.py", "--key", KEY, folder=folder) as service:
        assert [url.removeprefix(service.root) for url in service.urls.values()] == ["/own", "/Worker"]
        assert asked(service.urls["Echo"], key=KEY) == "hi"


def test_two_objects_in_one_file_are_two_bots(folder: Path) -> None:
    (folder / "two.py").write_text(f"{BOTS}\nfirst = Echo(bot_name='first')\nsecond = Echo(bot_name='second')\n")
    with running("two.py", "--no-key", folder=folder) as service:
        assert [asked(f"{service.root}/{name}", name) for name in ("first", "second")] == ["first", "second"]


@pytest.mark.parametrize("more", [[], ["--workers", "2"]], ids=["alone", "workers"])
def test_which_of_several_classes_is_taken_is_told_once(folder: Path, more: list[str]) -> None:
    (folder / "two.py").write_text(BOTS.replace("class Slow(fp.PoeBot)", "class Slow(Worker)"))
    with running("two.py", "--no-key", *more, folder=folder) as service:
        assert list(service.urls) == ["Slow"]
    (line,) = [one for one in service.logged if "is taken" in one]
    assert line.endswith(
        " There are Echo and Slow in two.py; Slow, the last one, is taken. To have another, name it, as in "
        "two.py:Echo; to have all, list them there: bots = [Echo, Slow].\n"
    )


@pytest.mark.parametrize("target", ["two.py:Echo", "two.py"])
def test_nothing_is_told_where_one_bot_is_meant(folder: Path, target: str) -> None:
    (folder / "two.py").write_text(f"{BOTS}\nready = Echo()\n" if ":" not in target else BOTS)
    with running(target, "--no-key", folder=folder) as service:
        assert list(service.urls) == ["Echo"]
    assert "is taken" not in service.told


def test_whoever_watches_needs_no_key(folder: Path) -> None:
    with running("bots.py:Echo", folder=folder) as service:
        assert httpx.get(f"{service.root}/readyz").text == "ready\n"
        assert httpx.get(f"{service.root}/livez").status_code == 200
        assert httpx.post(service.url, json={}).status_code == 401


WRONG = [
    (["tides.ipynb:tide"], "tides.ipynb has no bot tide. Did you mean tides.ipynb:tides?"),
    (["tides.ipynb"], "Which bot? Here are tides and moon; name one"),
    (["tides.ipynb:moon"], "asks for MOON_PASSWORD at a keyboard (code cell 4); set the environment variable"),
    (["bots.py:Echo", "bots.py:Echo"], "Echo would answer at /Echo, where Echo does"),
    (["probing.py"], "Probing would answer at /readyz, where the service itself does"),
    (["slashless.py"], "write path='/tides' for Slashless"),
    (["bot.py"], "There is no file bot.py. Did you mean bots.py?"),
    (["bots.py:Ecko"], "bots.py has no Ecko. Did you mean bots.py:Echo?"),
    (["bots.py:Nowhere"], "bots.py has no Nowhere.\n"),
    (["botz:Echo"], "There is no module named botz here. Did you mean bots.py?"),
    (["empty"], "The folder empty has no bot.py.\n"),
    (["almost"], "The folder almost has no bot.py. Did you mean almost/bots.py?"),
    (["elsewhere"], "The folder elsewhere has no bot.py. Name one of its files, as in elsewhere/notes.ipynb."),
    (["./tides"], "There is no file and no folder ./tides. Did you mean tides.ipynb?"),
    (["almost/bots.py:Echo", "twice/other.py"], "almost both have a bots.py, and one process can have only one"),
    (["own.py", "--key", KEY], "Own has an access key already; give it in one place only."),
    (["bots.py", "--workers", "0"], "0 is no number of processes"),
    (["bots.py", "--drain", "long"], "long is no number of seconds"),
]
EACH = """\
import io, json, sys
from contextlib import redirect_stderr
from poebook.cli import main
done = []
for words in json.loads(sys.stdin.read()):
    with redirect_stderr(io.StringIO()) as told:
        done.append((main(["serve", *words]), told.getvalue()))
print(json.dumps(done))
"""


def test_wrong_use_is_a_sentence_and_status_2(folder: Path) -> None:
    for name in ("empty", "almost", "elsewhere", "twice"):
        (folder / name).mkdir()
    (folder / "elsewhere" / "notes.ipynb").write_text("{}")
    for name in ("bots.py", "other.py"):
        (folder / "twice" / name).write_text(BOTS)
    (folder / "almost" / "bots.py").write_text(BOTS)
    (folder / "own.py").write_text("import poebook as fp\nclass Own(fp.PoeBot): ...\nown = Own(access_key='o' * 32)\n")
    for name, path in (("Probing", "/readyz"), ("Slashless", "tides")):
        (folder / f"{name.lower()}.py").write_text(
            f"import poebook as fp\nclass {name}(fp.PoeBot): ...\nbot = {name}(path='{path}')\n"
        )
    notebook(folder / "tides.ipynb")
    done = subprocess.run(  # one process for all: to start one takes longer than to be refused
        [sys.executable, "-c", EACH],
        cwd=folder,
        input=json.dumps([words for words, _ in WRONG]),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    for (words, says), (status, told) in zip(WRONG, json.loads(done.stdout), strict=True):
        assert status == 2, (words, told)
        assert says in told, words
        assert "Traceback" not in told
        assert KEY not in told
