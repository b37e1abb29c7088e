"""The text of a module from the statements that a bot reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from poebook.export.edits import Edit, edited
from poebook.export.imports import Imports
from poebook.export.statements import Statement


@dataclass
class Part:
    """A piece of the module's body, with how many empty lines it likes to have around it."""

    text: str
    blank: int
    after: Statement | None = None  # the statement it was, if it was one


@dataclass
class Module:
    """What a module is made of: a docstring, imports, and parts in their order."""

    says: str
    imports: Imports = field(default_factory=Imports)
    parts: list[Part] = field(default_factory=list)

    def text(self) -> str:
        """The whole source."""
        body = "".join(_gap(before, part) + part.text + "\n" for before, part in _pairs(self.parts))
        head = [f'"""{self.says}"""\n', f"{self.imports.text()}\n"]
        gap = "\n\n" if self.parts and self.parts[0].blank == 2 else "\n"
        return "\n".join(one for one in head if one.strip()) + gap + body


def part_of(one: Statement, edits: Sequence[Edit]) -> Part:
    """A statement as it was written, but for *edits*."""
    return Part(edited(one.text, one.first, edits).rstrip(), 2 if one.is_definition else 1, one)


def hoisted(taken: Sequence[Statement], wanted: Mapping[int, set[str]]) -> list[Statement]:
    """The imports that may stand at the head: those whose names nothing else binds, and that nothing prepares."""
    bound: dict[str, set[object]] = {}
    for one in taken:
        for name in one.binds:
            key: object = _imported_as(one, name) if one.is_import else one.place
            bound.setdefault(name, set()).add(key)
    found, prepared = [], False
    for one in taken:
        is_plain = one.is_import and not one.partly
        if is_plain and not prepared and all(len(bound[name]) == 1 for name in wanted[one.place]):
            found.append(one)
        prepared = prepared or bool({"os", "sys"} & one.changes.names)  # such as sys.path.append("lib")
    return found


def _imported_as(one: Statement, name: str) -> object:
    imports = Imports()
    imports.add_from(one, {name})
    line = imports.text()
    return "import" if line == f"import {name}" or line.startswith(f"import {name}.") else line


def _pairs(parts: Sequence[Part]) -> list[tuple[Part | None, Part]]:
    return list(zip([None, *parts[:-1]], parts, strict=True))


def _gap(before: Part | None, part: Part) -> str:
    """The empty lines between two parts: as they were, where they were neighbours; else as is usual."""
    if before is None:
        return ""
    if max(before.blank, part.blank) == 2:
        return "\n\n"
    a, b = before.after, part.after
    if a is not None and b is not None and a.cell is b.cell:
        lines = b.cell.plain.text.split("\n")[a.last : b.first - 1]
        return "\n" if any(not line.strip() for line in lines) else ""
    return "\n"
