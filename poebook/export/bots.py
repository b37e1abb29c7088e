"""Which bot of a notebook is meant, and how a module makes it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from poebook.errors import UnknownTarget
from poebook.export.changes import dotted, root
from poebook.export.notebooks import Cell
from poebook.export.statements import Statement, read, statements_of
from poebook.server.functions import HOOKS

OURS = ("poebook", "fastapi_poe")


@dataclass
class Found:
    """A bot: its name, its cell, and how it is made.

    ``made`` is the statement that binds it to the name ``bot``, after the statements of its cell; ``kind`` its class,
    where it is one; ``hooks`` the functions that it is made of, where it is those. ``others`` are the names of
    bots that might have been meant as well.
    """

    name: str
    cell: Cell
    made: Statement
    kind: str | None = None
    hooks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def find_bot(
    statements: Sequence[Statement], cells: Sequence[Cell], name: str | None, place: str = "notebook.ipynb"
) -> Found:
    """The bot of that name: a ``%%poebot`` cell's, else one that ``fp.serve`` is given, a class or an object.

    Where a name was used again, the last cell that ran to its end counts. Raises UnknownTarget.
    """
    notebook = _Notebook(statements)
    found = {one.name: one for one in notebook.bots(cells)}
    if not found:
        found = {one.name: one for one in notebook.others(cells, name)}
    if name is None:
        if len(found) == 1:
            return next(iter(found.values()))
        if not found:
            refuse_broken(cells)
            raise UnknownTarget("There is no bot here: no %%poebot cell, no subclass of fp.PoeBot, no get_response.")
        raise UnknownTarget(f"Which bot? Here are {_listed(found)}; name one, as in {place}:{next(iter(found))}.")
    if name not in found:
        found |= {one.name: one for one in notebook.others(cells, name)}
    if name not in found:
        refuse_broken(cells, name)
        here = f"here {'is' if len(found) == 1 else 'are'} {_listed(found)}" if found else "here is none at all"
        raise UnknownTarget(f"There is no bot named {name}; {here}.")
    return found[name]


def refuse_broken(cells: Sequence[Cell], name: str | None = None) -> None:
    """Raise UnknownTarget where the cell of the bot *name* (left out: any cell) does not compile."""
    for cell in cells:
        if cell.plain.broken and name in (None, cell.name):
            raise UnknownTarget(
                f"No bot comes of {cell}, which is no Python; run it in the notebook to see where, mend it, and save."
            )


def names_of(cells: Sequence[Cell]) -> list[str]:
    """The names of the bots that *cells* define, in their order.

    >>> names_of([Cell(1, "%%poebot echo\\ndef get_response(request): return 'hi'")])
    ['echo']
    """
    notebook = _Notebook(statements_of(cells))
    found = {one.name: None for one in notebook.bots(cells)} or {one.name: None for one in notebook.others(cells, None)}
    return list(found)


class _Notebook:
    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements

    # -- cells with %%poebot ------------------------------------------------------------------------------------

    def bots(self, cells: Sequence[Cell]) -> Iterator[Found]:
        for cell in cells:
            if cell.bot is None or cell.stopped_at is not None:
                continue
            inside = [one for one in self.statements if one.cell is cell]
            found = self._in_cell(cell, inside) if inside else None
            if found is not None:
                yield found

    def _in_cell(self, cell: Cell, inside: list[Statement]) -> Found | None:
        at = inside[-1].place + 1
        end = inside[-1].nodes[-1]
        value = end.value if isinstance(end, ast.Expr) else None
        if value is not None and self.is_bot(value, at):
            return self._of_value(cell, value, cell.name, inside[-1].place)
        classes = [one for part in inside for one in _classes(part.nodes) if self.is_bot_class(one.name, at)]
        if classes:
            return self._of_class(cell, classes[-1].name, cell.name, at)
        hooks = [hook for hook in HOOKS if any(hook in one.binds for one in inside)]
        if "get_response" in hooks and cell.name is not None:
            return self._of_functions(cell, hooks, cell.name, at)
        likely = [one for part in inside for one in _classes(part.nodes) if one.bases]
        if likely:
            return self._of_class(cell, likely[-1].name, cell.name, at)
        if value is not None and cell.name is not None:
            return self._of_value(cell, value, cell.name, inside[-1].place)
        return None

    # -- everything else that can be a bot ----------------------------------------------------------------------

    def others(self, cells: Sequence[Cell], name: str | None) -> Iterator[Found]:
        """Bots that ``fp.serve`` is given; then objects and classes, all by name, the last one without."""
        for one in self.statements:
            yield from self._served(one)
        values = [
            (part.id, one)
            for one in self.statements
            for node in one.nodes
            if isinstance(node, ast.Assign) and self.is_bot(node.value, one.place)
            for part in node.targets
            if isinstance(part, ast.Name)
        ]
        classes = [
            (kind.name, one)
            for one in self.statements
            for kind in _classes(one.nodes)
            if self.is_bot_class(kind.name, one.place + 1)
        ]
        functions = [one for one in self.statements if "get_response" in one.binds]
        chosen = [one for one in values if name is None or one[0] == name][-1:]
        for called, one in chosen:
            found = self._found(one.cell, called, called, one.place + 1)
            found.others = _besides(called, [other for other, _ in values] if name is None else [])
            yield found
        kinds = [one for one in classes if (not chosen if name is None else one[0] == name)][-1:]
        for called, one in kinds:
            found = self._of_class(one.cell, called, None, one.place + 1)
            bases = {dotted(base) for _, at in classes for kind in _classes(at.nodes) for base in kind.bases}
            meant = [other for other, _ in classes if other not in bases]
            found.others = _besides(called, meant if name is None else [])
            yield found
        if functions and name is None and not chosen and not kinds:
            cell = functions[-1].cell
            hooks = [hook for hook in HOOKS if any(hook in one.binds for one in self.statements)]
            yield self._of_functions(cell, hooks, "bot", len(self.statements))

    def _served(self, one: Statement) -> Iterator[Found]:
        for part in (part for node in one.nodes for part in ast.walk(node)):
            if not (isinstance(part, ast.Call) and dotted(part.func).rpartition(".")[2] == "serve" and part.args):
                continue
            if not self._is_ours(root(part.func) or "", one.place):
                continue
            words = [*part.args[1:2], *(word.value for word in part.keywords if word.arg == "name")]
            said = next((word.value for word in words if isinstance(word, ast.Constant)), None)
            bot = part.args[0]
            if isinstance(bot, ast.Name) and self.is_bot_class(bot.id, one.place):
                yield self._of_class(one.cell, bot.id, str(said) if said else None, one.place)
            elif said or self.is_bot(bot, one.place):
                yield self._of_value(one.cell, bot, str(said) if said else None, one.place)

    # -- how they are made --------------------------------------------------------------------------------------

    def _of_class(self, cell: Cell, kind: str, name: str | None, at: int) -> Found:
        found = self._found(cell, name or kind, f"{kind}()", at)
        found.kind = kind
        return found

    def _of_functions(self, cell: Cell, hooks: list[str], name: str, at: int) -> Found:
        listed = ", ".join(f'"{hook}": {hook}' for hook in hooks)
        found = self._found(cell, name, f'bot_from_functions({{{listed}}}, "{name}")', at)
        found.made.reads.discard("bot_from_functions")
        found.hooks = tuple(hooks)
        return found

    def _of_value(self, cell: Cell, value: ast.expr, name: str | None, at: int) -> Found:
        text = ast.get_source_segment(cell.plain.text, value) or ast.unparse(value)
        kind = dotted(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else dotted(value)
        return self._found(cell, name or kind or "bot", text, at)

    def _found(self, cell: Cell, name: str, text: str, at: int) -> Found:
        made = f"bot = {text}"
        tree = compile(made, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        return Found(name, cell, read(Statement(cell, at, 1, made.count("\n") + 1, made, tree.body)))

    # -- what is a bot ------------------------------------------------------------------------------------------

    def is_bot(self, value: ast.expr, at: int) -> bool:
        """Whether an expression is an object of a class of bots."""
        if isinstance(value, ast.Call):
            return self._is_kind(value.func, at)
        if isinstance(value, ast.Name):
            one = self._definition(value.id, at)
            return one is not None and any(
                isinstance(node, (ast.Assign, ast.AnnAssign))
                and node.value is not None
                and self.is_bot(node.value, one.place)
                for node in one.nodes
            )
        return False

    def is_bot_class(self, name: str, at: int) -> bool:
        """Whether *name* is a class of bots by then."""
        one = self._definition(name, at)
        kinds = [kind for kind in _classes(one.nodes) if kind.name == name] if one is not None else []
        return (
            any(self._is_kind(base, one.place) for kind in kinds for base in kind.bases) if one is not None else False
        )

    def _is_kind(self, node: ast.expr, at: int) -> bool:
        name = dotted(node)
        if name.rpartition(".")[2] == "PoeBot" and ("." in name or self._is_ours(name, at)):
            return True
        return bool(name) and "." not in name and self.is_bot_class(name, at)

    def _is_ours(self, name: str, at: int) -> bool:
        """Whether *name* comes from poebook, or is ``fp``, which each ``%%poebot`` cell has."""
        one = self._definition(name, at)
        if one is None:
            return name == "fp"
        for node in one.nodes:
            if isinstance(node, ast.Import) and any(alias.name.partition(".")[0] in OURS for alias in node.names):
                return True
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in OURS:
                return True
        return False

    def _definition(self, name: str, at: int) -> Statement | None:
        for place in range(min(at, len(self.statements)) - 1, -1, -1):
            if name in self.statements[place].binds:
                return self.statements[place]
        return None


def _classes(body: Sequence[ast.AST]) -> Iterator[ast.ClassDef]:
    """The classes of a cell's own level, those inside ``if``, ``try`` and ``with`` too."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from _classes(list(ast.iter_child_nodes(node)))


def _besides(name: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(names) if one != name)


def _listed(found: dict[str, Found]) -> str:
    *names, last = found
    return f"{', '.join(names)} and {last}" if names else last
