"""Tab in a shell: what completes the command line is printed by the command line itself."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from poebook.errors import MissingExtra

SHELLS = ("bash", "zsh", "tcsh")


class PrintCompletion(argparse.Action):
    """Prints the script of a shell and ends. Raises MissingExtra without shtab, which writes it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        try:
            import shtab
        except ImportError:
            raise MissingExtra("shtab", extra="notebook") from None
        print(shtab.complete(parser, shell=str(values)))
        parser.exit()
