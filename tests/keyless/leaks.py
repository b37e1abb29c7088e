"""Tests that let a key out, or do not. Their docstrings are what the search must say of them; none where it is still.

They are run by themselves, in ``test_keyless.py``, for most of them fail as they should.
"""

from __future__ import annotations

import base64
import gzip
import logging
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from poebook.runtime import keys
from tests.keyless.hearing import hear
from tests.webserver import serving

GIVEN = "an-auth-token-of-somebody"
_STARTS_ONE = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "input()", open(sys.argv[1]).read()], stdin=subprocess.PIPE)
print("it runs", flush=True)
input()
child.communicate(b".")
"""


@pytest.fixture
def key() -> str:
    return keys.find_key("echo")


def python(code: str, *words: str, **variables: str) -> None:
    command = [sys.executable, "-c", code, *words]
    subprocess.run(command, env={**os.environ, **variables}, capture_output=True, check=True)


def by_poebook(code: str, **names: object) -> None:
    exec(code, {"__name__": "poebook.leaky", **names})


def test_it_is_kept(key: str) -> None: ...


def test_it_is_in_an_environment(key: str) -> None:
    python("", POE_ACCESS_KEY=key)


def test_it_is_typed_in_a_command(key: str) -> None:
    python("", key)


def test_it_is_in_an_address_of_poes(key: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"POST /bot/update_settings/echo/{key}/1.0")


def test_something_else_looks_like_it(key: str) -> None:
    print("B" * 32, base64.b64encode(b"B" * 32))


def test_printed(key: str) -> None:
    """A key is in Captured stdout call."""
    print(repr(f"\n{key}"))


def test_logged(key: str) -> None:
    """A key is in Captured log call."""
    logging.getLogger("poebook").warning("with %s", key)


def test_written(key: str, tmp_path: Path) -> None:
    """A key is in the file export/index.html."""
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "index.html").write_text(f"<p>{key}</p>")


def test_written_for_a_moment(key: str) -> None:
    """A key is in the file bot.py of a folder that was removed."""
    with TemporaryDirectory() as folder:
        Path(folder, "bot.py").write_text(f"access_key = {key!r}")
        by_poebook("rmtree(folder)", rmtree=shutil.rmtree, folder=folder)
        Path(folder).mkdir()


def test_coded(key: str, tmp_path: Path) -> None:
    """A key is in the file out.txt."""
    (tmp_path / "out.txt").write_bytes(base64.urlsafe_b64encode(f"to {key}".encode()))


def test_packed(key: str, tmp_path: Path) -> None:
    """A key is in the file out.gz."""
    (tmp_path / "out.gz").write_bytes(gzip.compress(key.encode()))


def test_zipped(key: str, tmp_path: Path) -> None:
    """A key is in the file out.zip."""
    with zipfile.ZipFile(tmp_path / "out.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bot.py", f"access_key = {key!r}")


def test_shown(key: str) -> None:
    """A key is in what stands below a cell."""
    hear("what stands below a cell", [{"text/plain": key}])


def test_said_by_a_process(key: str) -> None:
    """A key is in the output of a process."""
    python("import os; print(os.environ['POE_ACCESS_KEY'])", POE_ACCESS_KEY=key)


def test_put_into_a_command(key: str) -> None:
    """A key is in a command line."""
    by_poebook("python('', key)", python=python, key=key)


@pytest.fixture
def behind(key: str) -> Iterator[None]:
    command = [sys.executable, "-c", _STARTS_ONE, str(keys.key_file("echo"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "it runs\n"
        yield
        process.communicate(".\n")


def test_put_into_the_command_of_a_process_of_a_process(behind: None) -> None:
    """A key is in the process list."""


def test_put_into_an_address(key: str) -> None:
    """A key is in the address of a request."""

    async def app(scope: object, receive: object, send: object) -> None:
        pass

    with serving(app) as url:
        by_poebook("httpx.get(url)", httpx=httpx, url=f"{url}/{key}")


def test_renewed(key: str) -> None:
    """A key is in Captured stdout call."""
    keys.renew_key("echo")
    print(key)


def test_given_in_a_call() -> None:
    """A key is in Captured stdout call."""
    print(keys.find_key("echo", "called-called-called-called-00-1"))


def test_given_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is in Captured stdout call."""
    monkeypatch.setenv("POE_API_KEY", GIVEN)
    print(GIVEN)


def test_given_to_a_process() -> None:
    """A key is in Captured stdout call."""
    python("", NGROK_AUTHTOKEN=GIVEN[::-1])
    print(GIVEN[::-1])


def test_kept_for_all(key: str) -> None:
    """Others may read poebook-home/keys/echo.key, where a key is kept."""
    keys.key_file("echo").chmod(0o644)


def test_kept_in_a_folder_for_all(key: str) -> None:
    """Others may read poebook-home/keys, where a key is kept."""
    keys.key_file("echo").parent.chmod(0o755)


def test_made_and_written_elsewhere_by_a_process(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is found at the end."""
    lab = tmp_path_factory.mktemp("lab")
    code = (
        "from pathlib import Path; from poebook.runtime.keys import find_key; Path('x.ipynb').write_text(find_key('a'))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=lab, env={**os.environ, "POEBOOK_HOME": str(lab)}, check=True)
