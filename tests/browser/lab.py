"""A real JupyterLab with folders of its own, for the time of a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.elsewhere import KEY
from tests.runner import kernels

PATIENCE = 60.0

# What would ask the network or the person something: news, updates, a notebook's save on leaving.
_SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"kernelShutdown": False},
}


@dataclass(frozen=True)
class Lab:
    """Where JupyterLab answers, and the folder that it shows."""

    url: str
    folder: Path

    def write(self, name: str, cells: list[str], kernel: str = "python3") -> str:
        """Write a notebook of code cells (Markdown, where one begins with ``# ``) and give its path."""
        spec = {"name": kernel, "display_name": kernel, "language": "python"}
        notebook = {
            "cells": [_cell(number, text) for number, text in enumerate(cells)],
            "metadata": {"kernelspec": spec},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.folder / name).write_text(json.dumps(notebook))
        return name

    def key(self, name: str) -> str:
        """The key that is kept for the bot *name*."""
        return (self.folder.parent / "poebook" / "keys" / f"{name}.key").read_text()

    def wait_for_kernel(self, name: str) -> None:
        """Wait until the kernel of a notebook is idle and its page is connected: before that a cell may be lost."""
        end = time.monotonic() + PATIENCE
        while not any(_is_ready(session) for session in self._sessions() if session["path"].endswith(name)):
            assert time.monotonic() < end, f"the kernel of {name} is not ready"
            time.sleep(0.05)

    def _sessions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self.url}/api/sessions", timeout=PATIENCE).json()
        return found

    def end_kernels(self) -> None:
        """Shut down every kernel, as its menu does."""
        for session in self._sessions():
            httpx.delete(f"{self.url}/api/sessions/{session['id']}", timeout=PATIENCE)


def _is_ready(session: dict[str, Any]) -> bool:
    kernel = session["kernel"]
    return bool(kernel["execution_state"] == "idle" and kernel["connections"] > 0)


def _cell(number: int, text: str) -> dict[str, object]:
    cell: dict[str, object] = {"id": f"cell-{number}", "metadata": {}, "source": text}
    if text.startswith("# "):
        return cell | {"cell_type": "markdown"}
    return cell | {"cell_type": "code", "execution_count": None, "outputs": []}


# Without a token, on a free port, and with its commands within reach of the tests.
_OPTIONS = {
    "ServerApp.ip": "127.0.0.1",
    "ServerApp.port": "0",
    "ServerApp.open_browser": "False",
    "ServerApp.disable_check_xsrf": "True",
    "IdentityProvider.token": "",
    "LabApp.expose_app_in_browser": "True",
}


@contextmanager
def running(home: Path) -> Iterator[Lab]:
    """JupyterLab (and Notebook 7 beside it) on a free port, with all its folders below *home*."""
    folder = home / "notebooks"
    folder.mkdir(parents=True)
    options = {"ServerApp.root_dir": str(folder), "ServerApp.allow_root": "True"}
    with started([sys.executable, "-m", "jupyterlab", *_words(options)], home, folder) as lab:
        yield lab


@contextmanager
def started(command: list[str], home: Path, folder: Path) -> Iterator[Lab]:
    """JupyterLab as *command* starts it; *folder* is what it shows."""
    places = {name: home / name.lower() for name in ("CONFIG", "DATA", "RUNTIME")}
    for path in places.values():
        path.mkdir(parents=True)
    _write_settings(places["CONFIG"])
    _write_kernels(places["DATA"])
    env = dict(os.environ) | {f"JUPYTER_{name}_DIR": str(path) for name, path in places.items()}
    env |= {"IPYTHONDIR": str(home / "ipython"), "POEBOOK_HOME": str(home / "poebook"), "PARROT_KEY": KEY}
    log = (home / "lab.log").open("wb")
    words = [*command, *_words(_OPTIONS)]
    process = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        lab = Lab(_address(process, places["RUNTIME"], home / "lab.log"), folder)
        yield lab
        lab.end_kernels()
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _words(options: Mapping[str, str]) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items()]


def _write_settings(config: Path) -> None:
    for name, values in _SETTINGS.items():
        path = config / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


def _write_kernels(data: Path) -> None:
    """Offer the kernels of other versions that were made, beside the one of the tests."""
    for version in kernels.VERSIONS:
        if kernels.python(version).exists():
            folder = data / "kernels" / f"ipykernel-{version}"
            folder.mkdir(parents=True)
            argv = [str(kernels.python(version)), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            spec = {"argv": argv, "display_name": folder.name, "language": "python"}
            (folder / "kernel.json").write_text(json.dumps(spec))


def _address(process: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Where the server answers, once it does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        for entry in runtime.glob("jpserver-*.json"):
            url = _read(entry).get("url", "").rstrip("/")
            if url and _answers(url):
                return str(url)
        time.sleep(0.05)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text(errors='replace')}")


def _read(entry: Path) -> Mapping[str, str]:
    try:
        found: Mapping[str, str] = json.loads(entry.read_text())
    except ValueError:  # half written
        return {}
    return found


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/status").status_code == 200
    except httpx.TransportError:
        return False
