"""``poebook serve --engine ray`` where there is no Ray, or where it is told what makes no sense."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def serve(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command line, in a process where Ray cannot be imported."""
    (folder / "echo.py").write_text("def get_response(request):\n    return request.query[-1].content\n")
    program = (
        "import sys; sys.modules['ray'] = None; from poebook.cli import main; sys.exit(main(['serve', *sys.argv[1:]]))"
    )
    command = [sys.executable, "-c", program, "echo.py", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30)


def test_without_ray_it_says_what_to_install(tmp_path: Path) -> None:
    done = serve("--no-key", "--engine", "ray", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "poebook: This needs the package ray: pip install 'poebook[ray]'.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--replicas", "2"], "--replicas belongs to a cluster; say --engine ray as well."),
        (["--engine", "ray", "--replicas", "2", "--max-replicas", "3"], "not both"),
        (["--engine", "ray", "--workers", "2"], "there are --replicas, and neither --workers nor --reload"),
        (["--engine", "ray", "--replicas", "0"], "0 replicas serve nobody"),
        (["--engine", "ray", "--route", "there"], "a route begins with a slash: --route /there"),
        (["--engine", "ray", "--env", "NOT_SET_ANYWHERE"], "The environment variable NOT_SET_ANYWHERE is not set"),
    ],
)
def test_wrong_use_is_a_sentence_and_status_2(tmp_path: Path, words: list[str], says: str) -> None:
    done = serve("--no-key", *words, folder=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert says in done.stderr


def test_a_key_is_not_taken_from_the_command_line(tmp_path: Path) -> None:
    done = serve("--engine", "ray", "--key", "k" * 32, folder=tmp_path)
    assert done.returncode == 2
    assert "the key is read from the environment: --key '$NAME'" in done.stderr
    assert "kkkk" not in done.stderr
