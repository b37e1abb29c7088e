"""Relative files that code may open: by the texts that are given to what opens files."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from poebook.export.changes import dotted

_WORDS_OPENS = (
    "open Path PosixPath PurePath read_csv read_json read_excel read_parquet read_table read_pickle read_html "
    "read_xml read_feather imread loadtxt genfromtxt load from_file connect ZipFile TarFile FileResponse listdir glob "
    "iglob scandir exists isfile getsize load_dotenv dotenv_values from_pretrained"
)
_OPENS = frozenset(_WORDS_OPENS.split())
_WORDS_SUFFIXES = (
    "txt md csv tsv json jsonl yaml yml toml ini cfg xml html htm pdf png jpg jpeg gif svg webp wav mp3 db sqlite "
    "sqlite3 parquet pkl pickle npy npz zip xlsx docx pptx j2 jinja jinja2 tmpl prompt sql env"
)
_SUFFIXES = frozenset(_WORDS_SUFFIXES.split())


def opened(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The relative paths that *nodes* may open, each once.

    >>> list(opened([ast.parse("text = open('prompts/hello.txt').read(); x = open('/etc/hosts'); y = 'a.b'")]))
    ['prompts/hello.txt']
    """
    done: dict[str, None] = {}
    for node in (part for top in nodes for part in ast.walk(top)):
        if not isinstance(node, ast.Call) or not {dotted(node.func).rpartition(".")[2], _called(node)} & _OPENS:
            continue
        for value in [*node.args[:1], *(word.value for word in node.keywords if word.arg in ("file", "path"))]:
            path = _relative(value.value) if isinstance(value, ast.Constant) else None
            if path is not None and not _writes(node):
                done[path] = None
    yield from done


def mentioned(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The texts in *nodes* that look like relative paths, each once.

    >>> list(mentioned([ast.parse("PROMPT = 'prompts/hello.txt'; x = 'no path'")]))
    ['prompts/hello.txt']
    """
    parts = (part.value for top in nodes for part in ast.walk(top) if isinstance(part, ast.Constant))
    yield from dict.fromkeys(path for path in map(_by_look, parts) if path is not None)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _writes(node: ast.Call) -> bool:
    """Whether a file is opened to be made anew."""
    modes = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "mode")]
    return any(isinstance(one, ast.Constant) and str(one.value)[:1] in ("w", "x") for one in modes)


def _relative(value: object) -> str | None:
    if not isinstance(value, str) or not value or len(value) > 200 or "\n" in value or "://" in value:
        return None
    if value.startswith(("/", "~", "\\")) or value[1:2] == ":" or set(value) & set("*?<>|{}"):
        return None
    path = str(PurePosixPath(value.replace("\\", "/")))
    return None if path in (".", "..") or path.startswith("../") else path


def _by_look(value: object) -> str | None:
    """A text that looks like a file's path."""
    path = _relative(value)
    if path is None or not isinstance(value, str) or " " in value:
        return None
    stem, dot, suffix = PurePosixPath(path).name.rpartition(".")
    return path if stem and dot and suffix.lower() in _SUFFIXES else None
