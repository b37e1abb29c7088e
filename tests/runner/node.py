"""Node and the packages of the front end, installed by its lock file."""

from __future__ import annotations

import hashlib
import shutil
import subprocess

from tests.runner import command, debian
from tests.runner.advice import Lacking
from tests.runner.places import FRONTEND, LOGS, WORKSHOP

_STAMP = WORKSHOP / "frontend.stamp"


def prepare() -> None:
    """Have ``npm`` and the front end's packages; raises Lacking, with what to type, when they cannot be had."""
    if not _npm_runs() and not (debian.install("nodejs", "npm") and _npm_runs()):
        raise Lacking(f"The front end's checks need Node 18 or newer with npm: `{debian.advice('nodejs', 'npm')}`.")
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if (FRONTEND / "node_modules").is_dir() and _STAMP.exists() and _STAMP.read_text() == wanted:
        return
    log = LOGS / "npm.log"
    log.unlink(missing_ok=True)
    if command.run(["npm", "ci", "--no-audit", "--no-fund"], log=log, cwd=FRONTEND).status != 0:
        raise Lacking(f"The front end's packages could not be installed:\n\n{log.read_text(errors='replace')}")
    _STAMP.parent.mkdir(parents=True, exist_ok=True)
    _STAMP.write_text(wanted)


def _npm_runs() -> bool:
    return all(
        shutil.which(name) and subprocess.run([name, "--version"], capture_output=True).returncode == 0
        for name in ("node", "npm")
    )
