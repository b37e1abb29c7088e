"""What a person may attach to a question, brought to a name, a content type and bytes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from poebook.client.answer import Answer
from poebook.client.documents.kinds import UNKNOWN, content_type_of
from poebook.client.documents.text import looks_like_text
from poebook.errors import InvalidParameterError
from poebook.protocol import Attachment

_BYTES = (bytes, bytearray, memoryview)
_TAKEN = (
    "a path, bytes, (name, bytes), an open file, a URL, an Attachment, a DataFrame, a Figure, an Image or an Answer"
)
_SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif"}


@dataclass(frozen=True)
class Blob:
    """A file in hand: its bytes, or the path where they are."""

    name: str
    content_type: str
    data: bytes | Path

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.data.stat().st_size if isinstance(self.data, Path) else len(self.data)


@dataclass(frozen=True)
class Link:
    """A file that is to be fetched from an address; ``known`` is what a bot said of it, and stands in for it."""

    url: str
    known: Attachment | None = None


Given = Blob | Link | Attachment


def given(attachments: object) -> list[Given]:
    """What *attachments* are: one thing, or several in a list or another iterable.

    A thing is a path (``str`` or ``PathLike``), bytes, ``(name, bytes or str)``, an open file, a URL (``str``), an
    ``Attachment``, a pandas DataFrame (as CSV), a matplotlib Figure or a PIL Image (as PNG), or an ``Answer`` (what is
    attached to it, else its text as Markdown). Files of one name are numbered. Raises InvalidParameterError.

    >>> [(file.name, file.content_type) for file in given([("tides.csv", "1,2"), b"words"])]
    [('tides.csv', 'text/csv'), ('file.txt', 'text/plain')]
    """
    found: list[Given] = []
    for thing in _things(attachments):
        found += _given(thing)
    return _numbered(found)


def _things(attachments: object) -> Iterable[object]:
    if attachments is None:
        return []
    if isinstance(attachments, list | set | frozenset):
        return attachments
    if isinstance(attachments, tuple) and not _is_pair(attachments):
        return attachments
    if isinstance(attachments, Iterator) and not hasattr(attachments, "read"):
        return attachments  # a generator
    return [attachments]


def _is_pair(thing: tuple[object, ...]) -> bool:
    """Whether this is a name and its content, and not two files."""
    if len(thing) != 2 or not isinstance(thing[0], str):
        return False
    if isinstance(thing[1], str):
        return not any(_is_url(one) or os.path.exists(one) for one in (thing[0], thing[1]))
    return isinstance(thing[1], _BYTES)


def _given(thing: object) -> list[Given]:
    for kind, make in _KINDS:
        if isinstance(thing, kind):
            made: list[Given] = make(thing)
            return made
    foreign = _foreign(thing)
    if foreign is not None:
        return [foreign]
    if hasattr(thing, "read"):
        return [_from_file(thing)]
    raise InvalidParameterError(
        f"An object of the type {type(thing).__name__} cannot be attached; an attachment is {_TAKEN}."
    )


def _from_text(text: str) -> list[Given]:
    return [Link(text)] if _is_url(text) else _from_path(text)


def _is_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _from_path(given: str | os.PathLike[Any]) -> list[Given]:
    path = Path(os.fsdecode(given)).expanduser()
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except (OSError, ValueError) as error:
        raise InvalidParameterError(_why_not(str(given), path, error)) from None
    return [Blob(path.name, _typed(path.name, start), path)]


def _why_not(given: str, path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError | ValueError) or getattr(error, "errno", None) == 36:  # a name too long
        shown = given if len(given) <= 60 else f"{given[:60]}…"
        return f'There is no file {shown}; to attach words, give them a name: ("notes.txt", "…").'
    if path.is_dir():
        return f"{given} is a folder; attach the files in it, or an archive of it."
    return f"{given} cannot be read: {getattr(error, 'strerror', None) or error}."


def _from_bytes(data: bytes | bytearray | memoryview) -> list[Given]:
    whole = bytes(data)
    content_type = content_type_of("", whole)
    if content_type == UNKNOWN and whole and looks_like_text(whole):
        return [Blob("file.txt", "text/plain", whole)]
    return [Blob(f"file{_SUFFIXES.get(content_type, '')}", content_type, whole)]


def _from_pair(pair: tuple[object, ...]) -> list[Given]:
    name, content = pair if len(pair) == 2 else (None, None)
    if not isinstance(name, str) or not isinstance(content, bytes | bytearray | memoryview | str):
        raise InvalidParameterError('A pair to attach is a name and its content: ("tides.csv", b"…").')
    data = content.encode() if isinstance(content, str) else bytes(content)
    return [Blob(name, _typed(name, data, text=isinstance(content, str)), data)]


def _from_file(file: Any) -> Blob:  # anything that can be read
    own = getattr(file, "name", None)
    name = os.path.basename(own) if isinstance(own, str) else ""
    try:
        content = file.read()
    except (OSError, ValueError) as error:  # closed, or open for writing only
        raise InvalidParameterError(f"{name or 'The file'} cannot be read: {error}.") from None
    if not isinstance(content, (*_BYTES, str)):
        raise InvalidParameterError(f"{name or 'The file'} gave a {type(content).__name__}; open it as bytes.")
    data = content.encode() if isinstance(content, str) else bytes(content)
    if not name:
        blob = _from_bytes(data)[0]
        assert isinstance(blob, Blob)
        return blob
    return Blob(name, _typed(name, data, text=isinstance(content, str)), data)


def _from_answer(answer: Answer) -> list[Given]:
    if answer.attachments:
        return [Link(file.url, file) for file in answer.attachments]
    if not answer.text:
        raise InvalidParameterError(f"The answer of {answer.target} is empty, so there is nothing to attach.")
    return [Blob(f"{answer.target}.md", "text/markdown", answer.text.encode("utf-8", "replace"))]


def _typed(name: str, start: bytes, *, text: bool = False) -> str:
    known = content_type_of(name, start)
    return "text/plain" if known == UNKNOWN and (text or (start and looks_like_text(start))) else known


def _numbered(found: list[Given]) -> list[Given]:
    """Files of one name told apart: ``data.csv``, ``data-2.csv``."""
    seen: dict[str, int] = {}
    numbered = list(found)
    for place, file in enumerate(found):
        if isinstance(file, Blob):
            seen[file.name] = seen.get(file.name, 0) + 1
            if seen[file.name] > 1:
                stem, suffix = os.path.splitext(file.name)
                numbered[place] = replace(file, name=f"{stem}-{seen[file.name]}{suffix}")
    return numbered


_KINDS: tuple[tuple[type | tuple[type, ...], Callable[[Any], list[Given]]], ...] = (
    (Attachment, lambda attachment: [attachment]),
    (Answer, _from_answer),
    (str, _from_text),
    (os.PathLike, _from_path),
    (_BYTES, _from_bytes),
    (tuple, _from_pair),
)


# -- what other libraries make; they are not imported, as an object of theirs has done that ----------------------------


def _foreign(thing: object) -> Blob | None:
    for module, name, make in _FOREIGN:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(thing, kind):
            return make(thing)
    return None


def _from_frame(frame: Any) -> Blob:
    """The index goes along where it says something."""
    index = frame.index
    plain = type(index).__name__ == "RangeIndex" and index.name is None
    return Blob("data.csv", "text/csv", frame.to_csv(index=not plain).encode("utf-8", "replace"))


def _from_figure(figure: Any) -> Blob:
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight")
    return Blob("figure.png", "image/png", file.getvalue())


def _from_image(image: Any) -> Blob:
    file = io.BytesIO()
    (image if image.mode in _PNG_MODES else image.convert("RGB")).save(file, format="PNG")
    return Blob("image.png", "image/png", file.getvalue())


_PNG_MODES = ("1", "L", "LA", "I", "I;16", "P", "RGB", "RGBA")
_FOREIGN: tuple[tuple[str, str, Callable[[Any], Blob]], ...] = (
    ("pandas", "DataFrame", _from_frame),
    ("matplotlib.figure", "Figure", _from_figure),
    ("PIL.Image", "Image", _from_image),
)
