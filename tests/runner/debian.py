"""Packages of Debian and its kin, installed where that is allowed without a question."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

from tests.runner import command
from tests.runner.places import LOGS, ROOT


def install(*packages: str) -> bool:
    """Install *packages* with apt-get as root or through a sudo that asks nothing; False where that cannot be."""
    rise = _rise()
    if rise is None:
        return False
    log = LOGS / "apt-get.log"
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _refresh(rise)
    order = [*rise, "apt-get", "install", "-y", "--no-install-recommends", *packages]
    return command.run(order, log=log, cwd=ROOT, env=env).status == 0


def advice(*packages: str) -> str:
    """The line to type that installs *packages*."""
    return f"sudo apt-get install {' '.join(packages)}"


@cache
def _rise() -> tuple[str, ...] | None:
    """What stands before apt-get: nothing for root, else sudo; None when neither helps."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ("sudo", "-n")
    return None


@cache
def _refresh(rise: tuple[str, ...]) -> None:
    command.run([*rise, "apt-get", "update"], log=LOGS / "apt-get.log", cwd=ROOT)
