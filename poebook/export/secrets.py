"""Secrets that stand in a notebook's text: found, and read from the environment instead."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from poebook.export.changes import dotted
from poebook.export.edits import Edit
from poebook.export.statements import Statement

KNOWN = re.compile(
    r"(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abeoprs]-[A-Za-z0-9-]{10,}"
    r"|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,}|hf_[A-Za-z0-9]{20,}|glpat-[\w-]{16,}|pypi-[\w-]{20,}"
    r"|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,})"
)
_SECRET = re.compile(r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIALS?)S?(?:$|_)|(?:^|_)PWD$", re.IGNORECASE)
_KEY = re.compile(r"(?:^|_)(?:API_?KEY|APIKEY|ACCESS_KEY|AUTH_?TOKEN|KEY|TOKEN)$", re.IGNORECASE)
_DENSE = re.compile(r"[A-Za-z0-9_+/=-]{24,200}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ASKED = frozenset({"getpass", "getpass.getpass", "input"})


@dataclass
class Secret:
    """A secret by the name of the environment variable that it is read from, and the cell that it stood in.

    ``value`` is known here and never shown; None where only its author knows it, as with ``getpass()``.
    ``bound`` is the name that holds it in the notebook, if one does.
    """

    name: str
    cell: str
    value: str | None = field(default=None, repr=False)
    bound: str | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.cell})"


def is_secret(value: str, name: str = "") -> bool:
    """Whether a text, which *name* may name, looks like a secret.

    >>> is_secret("hunter2", "DB_PASSWORD"), is_secret("tides", "CACHE_KEY"), is_secret("sk-" + "a1B2" * 8)
    (True, False, True)
    """
    if KNOWN.search(value):
        return True
    if not value.strip() or value.startswith(("$", "http://", "https://", "<", "{")) or set(value) <= set("•*.x"):
        return False
    if _SECRET.search(name):
        return True
    if _KEY.search(name):
        return " " not in value and len(value) >= 8 and (len(value) >= 16 or any(one.isdigit() for one in value))
    if any(run in value.lower() for run in ("abcdef", "012345")):
        return False  # an alphabet
    kinds = (str.islower, str.isupper, str.isdigit)
    return bool(_DENSE.fullmatch(value)) and all(any(map(kind, value)) for kind in kinds) and _entropy(value) >= 4.2


def _entropy(value: str) -> float:
    """Bits a character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())


class Secrets:
    """Finds the secrets of statements, and says which edits take them out.

    ``found`` are the secrets, ``dropped`` the places of statements that only set an environment variable to one.
    """

    def __init__(self) -> None:
        self.found: list[Secret] = []
        self.dropped: set[int] = set()

    def edits(self, one: Statement) -> list[Edit]:
        """What to change in *one*."""
        return [edit for node in one.nodes for edit in self._edits(one, node)]

    def _edits(self, one: Statement, top: ast.stmt) -> Iterator[Edit]:
        done: set[int] = set()
        if isinstance(top, ast.Assign) and (name := _asks_for(top)):
            yield Edit.of(top.value, _read(self._named(name, one, None, bound=name)))
            done.add(id(top.value))
        for literal, name in _named_values(top):
            value = _text(literal)
            if value is not None:
                done.add(id(literal))
            if value is not None and is_secret(value, name):
                variable = name if _is_environment(top) else _variable(name)
                bound = name if isinstance(top, ast.Assign) and top.value is literal else None
                secret = self._named(variable, one, _core(value), bound=bound)
                if _is_environment(top):
                    self.dropped.add(one.place)
                yield Edit.of(literal, _in_place_of(literal, value, secret))
        for node in ast.walk(top):
            if id(node) in done:
                continue
            if isinstance(node, ast.JoinedStr):
                done |= {id(part) for part in ast.walk(node)}
                yield from self._in_format(one, node)
            elif isinstance(node, ast.Constant) and not _is_docstring(node, top):
                words = _text(node)
                if words is not None and is_secret(words):
                    yield Edit.of(node, _in_place_of(node, words, self._named("", one, _core(words))))

    def _in_format(self, one: Statement, node: ast.JoinedStr) -> Iterator[Edit]:
        segment = ast.get_source_segment(one.cell.plain.text, node) or ""
        for part in node.values:
            for match in KNOWN.finditer(_text(part) or ""):
                secret = self._named("", one, match[0])
                quote = "'" if '"' in segment[:4] else '"'
                segment = segment.replace(match[0], f"{{os.environ[{quote}{secret.name}{quote}]}}")
                yield Edit.of(node, segment)

    def _named(self, name: str, one: Statement, value: str | None, bound: str | None = None) -> Secret:
        for secret in self.found:
            if value is not None and secret.value == value:
                return secret
        taken = {secret.name for secret in self.found}
        stem = name or "SECRET"
        numbers = (f"{stem}_{n}" for n in range(2, 1000))
        chosen = stem if stem not in taken else next(number for number in numbers if number not in taken)
        self.found.append(Secret(chosen, str(one.cell), value, bound))
        return self.found[-1]


def _named_values(top: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Values with a name: what is assigned, handed over by keyword, a default, or an entry of a dict."""
    for node in ast.walk(top):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if name := _target(target):
                    yield node.value, name
        elif isinstance(node, ast.AnnAssign) and node.value is not None and (name := _target(node.target)):
            yield node.value, name
        elif isinstance(node, ast.Call):
            callee = dotted(node.func).rpartition(".")[2]
            for word in node.keywords:
                if word.arg is not None:
                    yield word.value, word.arg if word.arg == "access_key" else f"{_snake(callee)}_{word.arg}"
            if callee == "setdefault" and len(node.args) == 2 and (key := _text(node.args[0])):
                yield node.args[1], key
        elif isinstance(node, ast.Dict):
            for key_node, value in zip(node.keys, node.values, strict=True):
                if key_node is not None and (key := _text(key_node)):
                    yield value, key
        elif isinstance(node, ast.arguments):
            positional = [*node.posonlyargs, *node.args]
            for argument, default in zip(reversed(positional), reversed(node.defaults), strict=False):
                yield default, argument.arg
            for argument, maybe in zip(node.kwonlyargs, node.kw_defaults, strict=True):
                if maybe is not None:
                    yield maybe, argument.arg


def _target(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return _text(node.slice) if isinstance(node, ast.Subscript) else None


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        return node.value.decode("latin-1")
    return None


def _snake(name: str) -> str:
    return _CAMEL.sub("_", name)


def _variable(name: str) -> str:
    """An environment variable for a name.

    >>> _variable("access_key"), _variable("Open-AI_api_key")
    ('POE_ACCESS_KEY', 'OPEN_AI_API_KEY')
    """
    if name.lower() == "access_key":
        return "POE_ACCESS_KEY"
    return re.sub(r"\W+", "_", name).strip("_").upper()


def _read(secret: Secret) -> str:
    return f'os.environ["{secret.name}"]'


def _core(value: str) -> str:
    match = KNOWN.search(value)
    return match[0] if match else value


def _in_place_of(node: ast.expr, value: str, secret: Secret) -> str:
    """What stands for a literal; the words around a secret stay."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        return f"{_read(secret)}.encode()"
    held = secret.value or value
    around = value.replace(held, "", 1) if held != value else ""
    if not around or re.search(r"[{}\\\"'\n]", around):
        secret.value = value
        return _read(secret)
    before, _, after = value.partition(held)
    return f"f\"{before}{{os.environ['{secret.name}']}}{after}\""


def _asks_for(node: ast.Assign) -> str | None:
    """The name that a question to the author at the keyboard is bound to."""
    target = node.targets[0]
    if isinstance(node.value, ast.Call) and dotted(node.value.func) in _ASKED and isinstance(target, ast.Name):
        return target.id
    return None


def _is_environment(node: ast.AST) -> bool:
    """Whether a statement does nothing but set an environment variable."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return False
    target = node.targets[0]
    return isinstance(target, ast.Subscript) and dotted(target.value).rpartition(".")[2] == "environ"


def _is_docstring(node: ast.Constant, top: ast.AST) -> bool:
    return any(isinstance(part, ast.Expr) and part.value is node for part in ast.walk(top))
