"""The browser of the tests: one that is here already, else Debian's, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.runner import command, debian, environment
from tests.runner.advice import Lacking
from tests.runner.places import LOGS, ROOT

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


def find() -> str:
    """The path of a Chromium that runs; raises Lacking, with what to type, when there is none to be had."""
    chosen = os.environ.get("POEBOOK_CHROMIUM")
    if chosen:
        if _runs(chosen):
            return chosen
        raise Lacking(f"POEBOOK_CHROMIUM is {chosen}, which does not run.")
    found = _here()
    if found is None and debian.install("chromium"):
        found = _here()
    if found is None:
        order: list[str | Path] = [environment.python(), "-m", "playwright", "install", "chromium"]
        if command.run(order, log=LOGS / "playwright.log", cwd=ROOT, limit=300).status == 0:
            found = _here()
    if found is None:
        raise Lacking(
            f"The browser tests need Chromium: `{debian.advice('chromium')}`, or set POEBOOK_CHROMIUM to one's path."
        )
    return found


def _here() -> str | None:
    for candidate in (*map(shutil.which, _NAMES), *_APPLICATIONS, _playwrights_own()):
        if candidate and _runs(candidate):
            return candidate
    return None


def _playwrights_own() -> str | None:
    asked = subprocess.run([environment.python(), "-c", _ASK_PLAYWRIGHT], capture_output=True, text=True)
    path = asked.stdout.strip()
    return path if path and Path(path).exists() else None


def _runs(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
