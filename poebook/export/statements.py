"""What a statement of a cell binds, reads and changes: by Python's own syntax trees and symbol tables."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from poebook.export.changes import Changes, definitely, in_place, stored_in
from poebook.export.notebooks import Cell

_AT_ONCE = ("listcomp", "setcomp", "dictcomp", "genexpr")  # scopes of comprehensions, which run where they stand


@dataclass(eq=False)
class Statement:
    """A statement at a cell's own level, or several that share a line.

    ``first`` and ``last`` are its lines in the cell, comments above it included, ``text`` those lines. ``binds`` are
    the names that it binds, ``surely`` those that it binds whatever happens; ``reads`` the names that it needs when it
    runs, ``later`` those that its functions need when they are called; ``changes`` says what it changes in place.
    ``place`` counts the statements of all cells in the order in which they ran.
    """

    cell: Cell
    place: int
    first: int
    last: int
    text: str
    nodes: list[ast.stmt]
    binds: set[str] = field(default_factory=set)
    surely: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    changes: Changes = field(default_factory=Changes)
    partly: bool = False  # whether the cell raised here

    @property
    def node(self) -> ast.stmt:
        return self.nodes[-1]

    @property
    def is_import(self) -> bool:
        """Whether it does nothing but import."""
        return all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in self.nodes)

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        return len(self.nodes) == 1 and isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def statements_of(cells: Sequence[Cell]) -> list[Statement]:
    """The statements of all *cells*, in the order in which they ran; those behind one that raised never did."""
    found: list[Statement] = []
    for cell in cells:
        for one in _of_cell(cell):
            if cell.stopped_at is not None and cell.stopped_at and one.first > cell.stopped_at:
                break
            one.partly = cell.stopped_at is not None and one.last >= cell.stopped_at
            one.place = len(found)
            found.append(one)
    return found


def _of_cell(cell: Cell) -> Iterator[Statement]:
    text = cell.plain.text
    tree = compile(text, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    lines = text.split("\n")
    before, start = 0, 0
    groups: list[list[ast.stmt]] = []
    for node in tree.body:
        if groups and _begins(node) <= (groups[-1][-1].end_lineno or 0):
            groups[-1].append(node)
        else:
            groups.append([node])
    for group in groups:
        first, last = _begins(group[0]), group[-1].end_lineno or group[-1].lineno
        start = first
        while start - 1 > before and _is_comment(lines[start - 2]):
            start -= 1
        last = _with_trailing(lines, last)
        yield read(Statement(cell, 0, start, last, "\n".join(lines[start - 1 : last]), group))
        before = last


def _begins(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _is_comment(line: str) -> bool:
    return line.startswith("#")


def _with_trailing(lines: list[str], last: int) -> int:
    """Comments at the end of a block belong to it."""
    end = last
    while end < len(lines) and (not lines[end].strip() or lines[end].lstrip().startswith("#")):
        if lines[end][:1].isspace() and lines[end].strip():
            last = end + 1
        elif lines[end].strip():
            break
        end += 1
    return last


def read(one: Statement) -> Statement:
    """Fill in what is known of its names."""
    source = "\n" * (one.first - 1) + one.text
    for node in one.nodes:
        one.surely |= definitely([node])
    table = symtable.symtable(source, "cell", "exec")
    here = stored_in(one.nodes)
    for symbol in table.get_symbols():
        by_functions = symbol.is_declared_global() and symbol.get_name() not in here
        if (symbol.is_assigned() and not by_functions) or symbol.is_imported():
            one.binds.add(symbol.get_name())
        if symbol.is_referenced():
            one.reads.add(symbol.get_name())
    _from_scopes(table, one, deferred=False)
    one.changes = in_place(one.nodes)
    one.reads |= one.changes.augmented
    one.reads.discard("__annotations__")
    return one


def _from_scopes(table: symtable.SymbolTable, one: Statement, *, deferred: bool) -> None:
    """What the scopes inside need of the module's names."""
    for child in table.get_children():
        is_function = str(child.get_type()).endswith("function") and child.get_name() not in _AT_ONCE
        waits = deferred or is_function
        for symbol in child.get_symbols():
            own = symbol.is_parameter() or (symbol.is_assigned() and not symbol.is_declared_global())
            if (
                own or not symbol.is_global()
            ):  # in a scope that is called "top", symtable takes its own for the module's
                continue
            if symbol.is_declared_global() and not waits and symbol.is_assigned():
                one.binds.add(symbol.get_name())
            (one.later if waits else one.reads).add(symbol.get_name())
        _from_scopes(child, one, deferred=waits)
