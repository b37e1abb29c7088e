"""``poebook poe``, run as a person runs it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import poebook as fp
from tests.keyless.hearing import hear

PATIENCE = 30.0
BOTS = """\
import poebook as fp


class Echo(fp.PoeBot):
    async def get_response(self, request):
        yield request.query[-1].content


class Main(fp.PoeBot):
    async def get_settings(self, setting):
        return fp.SettingsResponse(server_bot_dependencies={"Echo": 1})

    async def get_response(self, request):
        async for part in fp.stream_request(request, "Echo", request.access_key):
            yield part.text.upper()


class Fails(fp.PoeBot):
    async def get_response(self, request):
        raise KeyError("the author reads this")
        yield
"""
CELLS = [
    "%load_ext poebook\nimport poebook as fp\nword = 'said '",
    "%%poebot echo --introduction 'I repeat.'\nclass Echo(fp.PoeBot):\n"
    "    async def get_response(self, request):\n        yield word + request.query[-1].content",
    "%%poebot shout\ndef get_response(request):\n    return request.query[-1].content.upper()",
    "%%bash\nrm -rf nothing",
    "!ls\nimport asyncio\nawait asyncio.sleep(0)",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bots.py").write_text(BOTS)
    (tmp_path / "listed.py").write_text(f"{BOTS}\nbots = [Echo(bot_name='tides'), Main]\n")
    (tmp_path / "shout.py").write_text("def get_response(request):\n    return request.query[-1].content.upper()\n")
    cells = [{"cell_type": "code", "source": source} for source in CELLS]
    (tmp_path / "tides.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "# x"}, *cells]}))
    (tmp_path / "torn.ipynb").write_text("{")
    (tmp_path / "nobody.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]}))
    (tmp_path / "broken.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": "x = 1\n1 / 0"}]}))
    return tmp_path


@contextmanager
def running(*words: str, folder: Path) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """``poebook poe ...``: the address that it says, all that it says, and the process."""
    command = [sys.executable, "-u", "-m", "poebook", "poe", *words]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        told = ""
        try:
            told = process.stdout.readline()
            found = re.search(r"on (http://\S+/) with", told)
            assert found, told or (process.stderr and process.stderr.read())
            yield found[1], told, process
        finally:
            process.send_signal(signal.SIGINT)
            hear("what a local Poe said", [told, *process.communicate(timeout=PATIENCE)])
    assert process.returncode == 0


def ask(base_url: str, bot: str, text: str = "tide", key: str = "the key") -> str:
    said = [fp.ProtocolMessage(role="user", content=text)]
    return "".join(p.text for p in fp.get_bot_response_sync(said, bot, key, base_url=f"{base_url}bot/"))


def test_the_bots_of_a_file_are_served_together(folder: Path) -> None:
    with running("bots.py", "--key", "the key", folder=folder) as (base_url, told, process):
        assert "with Echo, Main, Fails (Ctrl-C ends it)" in told
        assert "the key" not in told
        assert ask(base_url, "Main") == "TIDE"
        with pytest.raises(fp.BotError, match="unexpected issue"):
            ask(base_url, "Fails")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
        assert "the author reads this" in errors


def test_the_list_of_bots_counts_and_doubles_stand_beside_it(folder: Path) -> None:
    words = ("listed.py", "shout.py", "--double", "GPT-5=as if", "--key", "the key")
    with running(*words, folder=folder) as (base_url, told, _):
        assert "with tides, Main, shout, GPT-5" in told
        assert [ask(base_url, name) for name in ("tides", "shout", "GPT-5")] == ["tide", "TIDE", "as if"]


def test_a_tape_brings_the_bots_that_were_asked(folder: Path) -> None:
    (folder / "main.tape.jsonl").write_text(
        '{"tape": 1}\n'
        '{"turn": 1, "target": "main", "request": {"query": [{"role": "user", "content": "hi"}]}}\n'
        '{"call": "GPT-5", "request": {"query": [{"role": "user", "content": "tide"}]}}\n'
        '{"call_event": "text", "data": {"text": "as it was"}}\n'
        '{"call_end": "done"}\n'
        '{"end": "done"}\n'
    )
    with running("main.tape.jsonl", "--key", "the key", folder=folder) as (base_url, told, _):
        assert "with GPT-5 (" in told
        assert ask(base_url, "GPT-5") == "as it was"


def test_the_cells_of_a_notebook_are_bots(folder: Path) -> None:
    with running("tides.ipynb", "--key", "the key", folder=folder) as (base_url, told, _):
        assert "with echo, shout" in told
        assert [ask(base_url, name) for name in ("echo", "shout")] == ["said tide", "TIDE"]
        models = httpx.get(f"{base_url}v1/models").json()["data"]
        assert [model["description"] for model in models] == ["I repeat.", ""]


def test_a_key_is_made_and_kept_and_scripts_find_all_in_the_environment(folder: Path, own_home: Path) -> None:
    with running("bots.py", folder=folder) as (base_url, _, _):
        key = (own_home / "keys" / "local-poe.key").read_text()
        command = [sys.executable, "-m", "poebook", "ask", "Echo", "tide"]
        env = {**os.environ, "POE_BASE_URL": base_url, "POE_API_KEY": key}
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=PATIENCE)
        assert done.stdout.strip() == "tide"


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["nowhere.py"], 2, "There is no file nowhere.py"),
        (["nowhere.ipynb"], 2, "There is no file nowhere.ipynb."),
        (["tidse.ipynb"], 2, "There is no file tidse.ipynb. Did you mean tides.ipynb?"),
        (["torn.ipynb"], 2, "torn.ipynb is no notebook that can be read"),
        (["nobody.ipynb"], 2, "nobody.ipynb has no bot: no cell of it begins with %%poebot."),
        (["broken.ipynb"], 1, "ZeroDivisionError"),
        (["--double", "GPT-5"], 2, "--double is NAME=TEXT"),
        (["--key", "$NOT_SET"], 2, "NOT_SET is not set"),
        (["--port", "99999999"], 1, "is no port"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(folder: Path, words: list[str], status: int, says: str) -> None:
    command = [sys.executable, "-m", "poebook", "poe", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr
