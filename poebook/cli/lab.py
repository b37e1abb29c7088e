"""``poebook lab``: JupyterLab on the tutorials, or on a folder of your own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from poebook.cli.failure import Failure
from poebook.errors import MissingExtra

FIRST = "00_first_bot.ipynb"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", nargs="?", metavar="DIR", help="the folder to open (the tutorials)")
    parser.epilog = "What follows, from the first option on, goes to JupyterLab as it is, for example --port 8899."


def cut(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """A command line in what is meant for poebook, and what is JupyterLab's: an option's value stays with it.

    >>> cut(["lab", "folder", "--port", "8899"])
    (['lab', 'folder'], ['--port', '8899'])
    """
    if list(words[:1]) != ["lab"]:
        return list(words), []
    options = (place for place, word in enumerate(words) if word.startswith("-") and word not in ("-h", "--help"))
    first = next(options, len(words))
    return list(words[:first]), list(words[first:])


def run(said: argparse.Namespace, rest: list[str]) -> int:
    folder = Path(said.directory) if said.directory else _tutorials()
    if not folder.is_dir():
        raise Failure(f"poebook lab: {folder} is no folder.", 2)
    if find_spec("jupyterlab") is None:
        raise MissingExtra("jupyterlab", extra="notebook")
    command = [sys.executable, "-m", "jupyterlab", *_options(folder.resolve()), *rest]
    sys.stdout.flush()
    if os.name != "nt":  # there exec would give the prompt back while JupyterLab runs
        os.execv(sys.executable, command)
    return subprocess.call(command)


def _tutorials() -> Path:
    """The notebooks of the checkout that this is installed from; elsewhere the current folder."""
    folder = Path(__file__).resolve().parents[2] / "notebooks"
    return folder if (folder / FIRST).exists() else Path.cwd()


def _options(folder: Path) -> list[str]:
    options = [f"--ServerApp.root_dir={folder}"]
    if (folder / FIRST).exists():
        options.append(f"--LabApp.default_url=/lab/tree/{FIRST}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container, where JupyterLab would refuse to start
        options.append("--ServerApp.allow_root=True")
    return options
