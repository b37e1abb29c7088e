"""What Binder would build installs the project with what a notebook needs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.notebooks.tutorials import TUTORIALS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dockerfile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Dockerfile that repo2docker prints for the checkout."""
    folder = tmp_path_factory.mktemp("repository")
    shutil.copytree(ROOT / "binder", folder / "binder")
    shutil.copy(ROOT / "pyproject.toml", folder)
    tool = Path(sys.executable).parent / "jupyter-repo2docker"
    done = subprocess.run([tool, "--no-build", "--debug", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_whole_repository_is_there_before_it_is_installed(dockerfile: str) -> None:
    lines = dockerfile.splitlines()
    copied = lines.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    installed = next(number for number, line in enumerate(lines) if "pip install" in line and "binder/" in line)
    assert copied < installed
    assert lines[installed].endswith('pip install --no-cache-dir -r "binder/requirements.txt"')


def test_a_python_that_the_project_supports_is_taken(dockerfile: str) -> None:
    assert "Building conda environment for python=3.11" in dockerfile


def test_the_notebook_extra_is_what_is_installed() -> None:
    assert (ROOT / "binder" / "requirements.txt").read_text().split() == ["-e", ".[notebook]"]


def test_the_link_in_the_readme_opens_a_notebook_that_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    opened = re.findall(r"mybinder\.org/v2/gh/OWNER/poebook/HEAD\?urlpath=lab/tree/(notebooks/\w+\.ipynb)", readme)
    assert opened
    assert [path for path in opened if not (ROOT / path).exists()] == []


def test_every_notebook_that_the_index_names_is_there() -> None:
    index = (ROOT / "notebooks" / "index.ipynb").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\((\w+\.ipynb)\)", index))
    assert named == {path.name for path in TUTORIALS}
