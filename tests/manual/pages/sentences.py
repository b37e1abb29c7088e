"""Every sentence in which poebook refuses something, found in the code."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import poebook
from tests.manual.pages.writing import fence

PACKAGE = Path(poebook.__file__).parent
GAP = "…"  # what a sentence is filled with when it is said
_CLASSES = """
BotError BotErrorNoRetry AttachmentUploadError InvalidBotSettings InvalidParameterError CostRequestError
InsufficientFundError InvalidSetup InvalidKey UnknownTarget ServeError StoreError TunnelError PoebookError Failure
UsageError
"""
_ERRORS = frozenset(_CLASSES.split())
_HEAD = f"""\
# Every error, word for word

What poebook's errors say, by their class, as it stands in the code; `{GAP}` is what is filled in when it is
said. To find one, search for a few of its words; [When something is refused](../troubleshooting.md) tells more of the
common ones.
"""


@dataclass(frozen=True)
class Sentence:
    """What an error of the class ``error`` says."""

    error: str
    words: str


def pages() -> dict[str, str]:
    by_class: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences():
        if sentence.words not in by_class[sentence.error]:
            by_class[sentence.error].append(sentence.words)
    parts = [_HEAD]
    for error in sorted(by_class, key=_place):
        said = "\n\n".join(sorted(by_class[error]))
        parts += [f"## {_NAMES.get(error, error)}", fence(said, "text")]
    return {"errors.md": "\n\n".join(parts) + "\n"}


_NAMES = {"UsageError": "Wrong use of a magic (UsageError)", "Failure": "The command line"}


def _place(error: str) -> tuple[bool, str]:
    return error in _NAMES, error


def sentences() -> list[Sentence]:
    """The sentences of all errors that the package raises."""
    return [one for path in sorted(PACKAGE.rglob("*.py")) for one in _of(path)]


def templates() -> set[str]:
    """All texts in the package, those with gaps too: what a sentence that a page quotes is looked up in."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr | ast.Constant) and (text := _text(node)):
                found.add(text)
    return found


def _of(path: Path) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = _text(node.args[0]) if name in _ERRORS and node.args else ""
        if any(sign.isalpha() for sign in words):
            yield Sentence(name, words)


def _text(node: ast.expr) -> str:
    """The text of a literal, with a gap for each value in it; empty for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values)
    return ""
