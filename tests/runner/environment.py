"""The Python environment of the tests: made once, and made anew when what the project asks for has changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.runner import command, debian
from tests.runner.advice import Lacking
from tests.runner.places import LOGS, ROOT, VENV

EXTRAS = ("-e", ".[all,test,docs]")
_STAMP = "poebook-tests.stamp"
_LOG = LOGS / "environment.log"


def python(venv: Path = VENV) -> Path:
    """An environment's interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ready(venv: Path = VENV, packages: Sequence[str] = EXTRAS) -> bool:
    """Whether the environment is there and is what the project file asks for."""
    stamp = venv / _STAMP
    return python(venv).exists() and stamp.exists() and stamp.read_text() == _wanted(packages)


def prepare(venv: Path = VENV, packages: Sequence[str] = EXTRAS) -> None:
    """Make the environment, with uv where it works, else with venv and pip.

    Raises Lacking with what to type when it cannot be made.
    """
    shutil.rmtree(venv, ignore_errors=True)
    _LOG.unlink(missing_ok=True)
    if not (_with_uv(venv, packages) or _with_pip(venv, packages)):
        raise Lacking(f"An environment of the tests could not be made:\n\n{_LOG.read_text(errors='replace')}")
    (venv / _STAMP).write_text(_wanted(packages))


def variables(chromium: str | None) -> dict[str, str]:
    """The environment variables of every check."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE", "PYTEST"))}
    kept["VIRTUAL_ENV"] = str(VENV)
    kept["PATH"] = os.pathsep.join([str(python().parent), kept.get("PATH", os.defpath)])
    if chromium:
        kept["POEBOOK_CHROMIUM"] = chromium
    return kept


def _wanted(packages: Sequence[str]) -> str:
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{project} {sys.version_info.major}.{sys.version_info.minor} {ROOT} {' '.join(packages)}\n"


def _run(*words: str | Path) -> bool:
    return command.run(words, log=_LOG, cwd=ROOT).status == 0


def _with_uv(venv: Path, packages: Sequence[str]) -> bool:
    for uv in (["uv"], [sys.executable, "-m", "uv"]):
        try:
            works = subprocess.run([*uv, "--version"], capture_output=True).returncode == 0
        except OSError:
            works = False
        if works:
            return _run(*uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv) and _run(
                *uv, "pip", "install", "--quiet", "--python", python(venv), *packages
            )
    return False


def _with_pip(venv: Path, packages: Sequence[str]) -> bool:
    if not _run(sys.executable, "-m", "venv", "--clear", venv):
        # Debian keeps venv's installer of pip in a package of its own.
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if "ensurepip" not in _LOG.read_text(errors="replace"):
            return False
        if not debian.install(package):
            raise Lacking(f"This Python cannot make environments yet: `{debian.advice(package)}`, then once more.")
        if not _run(sys.executable, "-m", "venv", "--clear", venv):
            return False
    return _run(python(venv), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)
