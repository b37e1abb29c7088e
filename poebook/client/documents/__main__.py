"""The process that opens one document: bytes on standard input, JSON on standard output."""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from contextlib import suppress
from importlib import import_module
from typing import Any

from poebook.client.documents.apart import MEMORY
from poebook.client.documents.package import broken
from poebook.client.documents.refusal import Unreadable
from poebook.errors import MissingExtra

_NEEDS = {"pdf": "pypdf", "word": "python-docx", "sheets": "openpyxl", "slides": "python-pptx"}


def main(reader: str, words: str, limit: int, time_s: float) -> dict[str, Any]:
    """What was read of standard input: ``text``, with whether it is ``whole``, or ``problem``."""
    _hold_memory()
    warnings.simplefilter("ignore")
    logging.disable()
    try:
        text, whole = _read(reader, words, sys.stdin.buffer.read(), limit, time.monotonic() + time_s)
        return {"text": text, "whole": whole, "problem": None}
    except Unreadable as reason:
        return {"text": None, "problem": str(reason)}


def _read(reader: str, words: str, data: bytes, limit: int, until: float) -> tuple[str, bool]:
    parts: list[str] = []
    size, whole = 0, True
    try:
        found = import_module(f"poebook.client.documents.{reader}").read(data)
        for part in [found] if isinstance(found, str) else found:
            parts.append(part)
            size += len(part)
            whole = time.monotonic() < until
            if size >= limit or not whole:
                break
    except ImportError:
        command = str(MissingExtra(_NEEDS[reader], extra="files")).rpartition(": ")[2].rstrip(".")
        raise Unreadable(f"was not read; to have a {words} read: {command}") from None
    except MemoryError:
        raise Unreadable("took more memory than a document should and was given up") from None
    except Unreadable:
        raise
    except Exception:  # a library stumbled over what is in the file
        raise broken(words) from None
    return "".join(parts).strip()[:limit], whole


def _hold_memory() -> None:
    """Let the system refuse more memory than a document should need, where it can."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    told = main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    sys.stdout.write(json.dumps(told))
