"""The command line, as its own help tells it."""

from __future__ import annotations

import argparse
import os
from unittest.mock import patch

from poebook.cli import make_parser
from tests.manual.pages.writing import fence

_HEAD = """\
# The command line

`poebook COMMAND`, or `python -m poebook COMMAND`. Each command below is described by itself, as `--help` does. Text is
coloured on a terminal and plain in a pipe; the exit status is 0 for success, 1 for failure and 2 for wrong use.
"""


def pages() -> dict[str, str]:
    with patch.dict(os.environ, COLUMNS="100"):
        parser = make_parser()
        parts = [_HEAD, fence(parser.format_help(), "text")]
        for name, command in commands(parser).items():
            parts += [f"## poebook {name}", fence(command.format_help(), "text")]
    return {"commands.md": "\n\n".join(parts) + "\n"}


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the commands, by name."""
    found = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)
