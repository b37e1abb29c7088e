"""The command line: ``poebook COMMAND``, the same as ``python -m poebook COMMAND``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from poebook.cli import lab
from poebook.cli.completion import SHELLS, PrintCompletion
from poebook.cli.failure import Failure
from poebook.errors import AuthorFault, PoebookError
from poebook.runtime.wrong import status_of
from poebook.version import __version__
from poebook.whereabouts import adrift, is_adrift

_AT_HOME = ("lab", "serve", "replay", "poe", "export")  # what looks for files where it is called


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line (left out: the process's own); 0 for success, 1 for failure, 2 for wrong use.

    >>> main(["--version"])  # doctest: +ELLIPSIS
    poebook ...
    0
    """
    try:
        return _main(sys.argv[1:] if argv is None else list(argv))
    except SystemExit as end:  # argparse has said what there is to say
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except Failure as failure:
        print(failure, file=sys.stderr)
        return failure.status
    except AuthorFault as fault:
        print(fault, file=sys.stderr)
        return 1
    except PoebookError as error:
        print(f"poebook: {error}", file=sys.stderr)
        return status_of(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _main(argv: list[str]) -> int:
    parser = make_parser()
    ours, rest = lab.cut(argv)
    said, unknown = parser.parse_known_args(ours)
    if unknown:
        (parser if said.command is None else said.parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    if said.command is None:
        parser.print_help()
        return 2
    if said.command in _AT_HOME and is_adrift():
        raise PoebookError(adrift("cd DIR"))
    try:
        status: int = said.run(said, rest)
    except FileNotFoundError:
        if is_adrift():
            raise PoebookError(adrift("cd DIR")) from None
        raise
    return status


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="poebook",
        description="A workbench for bots on Poe.",
        epilog="Exit status: 0 success, 1 failure, 2 wrong use.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"poebook {__version__}")
    parser.add_argument(
        "--print-completion",
        action=PrintCompletion,
        choices=SHELLS,
        help='print what a shell needs for completion: eval "$(poebook --print-completion bash)"',
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for module in _modules():
        name = module.__name__.rpartition(".")[2]
        summary = str(module.__doc__).partition(":")[2].strip().splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        module.arguments(command)
        command.set_defaults(run=module.run, parser=command)
    return parser


def _modules() -> list[ModuleType]:
    from poebook.cli import ask, chat, check, export, poe, replay, serve, sync

    return [lab, serve, chat, ask, check, replay, poe, sync, export]
