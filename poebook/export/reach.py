"""Which statements a bot reaches: backwards from it, by names, in the order in which the cells ran."""

from __future__ import annotations

import ast
import builtins
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from poebook.export.changes import in_place, root
from poebook.export.statements import Statement

_OF_MODULES = ("__name__", "__doc__", "__spec__", "__builtins__", "__package__", "__file__", "__class__")
_BUILT_IN = frozenset(dir(builtins)) | frozenset(_OF_MODULES)
_MAKING = frozenset({"__new__", "__init__", "__post_init__", "__init_subclass__", "__set_name__"})


class Reach:
    """Walks from what is needed to what that needs, until nothing is missing.

    A name that runs at once is what it was when it ran; a name inside a function is what it is in the end. ``taken``
    are the places of the statements that are reached, ``wanted`` the names that each is wanted for, ``missing`` the
    names that nothing binds, each with the statement that needs it, ``given`` those that are handed to a function of
    which nobody knows whether it changes them.

    >>> from poebook.export.notebooks import Cell
    >>> from poebook.export.statements import statements_of
    >>> ran = statements_of([Cell(1, "a = 1"), Cell(2, "b = 2"), Cell(3, "a = b + 1"), Cell(4, "b = 4")])
    >>> reach = Reach(ran)
    >>> reach.need("a")
    >>> [ran[place].text for place in sorted(reach.taken)]
    ['b = 2', 'a = b + 1']
    """

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.end = len(statements)
        self.taken: set[int] = set()
        self.wanted: dict[int, set[str]] = defaultdict(set)
        self.missing: dict[str, Statement | None] = {}
        self.stars: dict[str, set[int]] = defaultdict(set)  # names that only star imports can bring
        self.given: dict[str, tuple[Statement, str]] = {}
        self.needed: set[tuple[str, int]] = set()
        self.changes = cache(self._changes)
        self._touched: set[tuple[int, int]] = set()
        self._lists_subclasses = any("__subclasses__" in one.text for one in statements)

    @property
    def names(self) -> set[str]:
        """The names that are reached."""
        return {name for name, _ in self.needed}

    # -- what is needed -----------------------------------------------------------------------------------------

    def need(self, name: str, at: int | None = None, by: Statement | None = None, *, quietly: bool = False) -> None:
        """Reach what *name* was before the statement at place *at* ran, or what it is in the end.

        What is not there is remembered as missing, unless *quietly*.
        """
        at = self.end if at is None else at
        if (name, at) in self.needed:
            return
        self.needed.add((name, at))
        found = False
        for one in self.before(name, at):
            self.wanted[one.place].add(name)
            self.take(one)
            found = found or name in one.binds or name not in one.changes.names
        if found:
            for one in self._changed_after(name, at):
                self.take(one)
        elif name not in _BUILT_IN and not quietly and not (by is not None and name in by.binds):
            self._miss(name, at, by)

    def take(self, one: Statement) -> None:
        """Reach a statement, and all that it needs."""
        if one.place in self.taken:
            return
        self.taken.add(one.place)
        self.follow(one)

    def follow(self, one: Statement) -> None:
        """Reach all that a statement needs."""
        for name in sorted(one.reads):
            self.need(name, one.place, one)
        for name in sorted(one.changes.called | one.changes.given.keys()):
            self._touch(name, one.place)
        for name in sorted(one.later):
            self.need(name, by=one)

    def before(self, name: str, at: int) -> Iterator[Statement]:
        """What makes *name* what it is at place *at*, the latest first."""
        only_imports = False
        for place in range(at - 1, -1, -1):
            one = self.statements[place]
            if name in one.binds:
                if only_imports and not _imports_module(one, name):
                    return
                yield one
                if _imports_module(one, name):  # `import a` after `import a.b` takes nothing away
                    only_imports = True
                elif name in one.surely and not one.partly:
                    return
            elif not only_imports and name in self.changes(one):
                yield one

    def _changed_after(self, name: str, at: int) -> Iterator[Statement]:
        """What changes in place, later, the value that *name* had."""
        for one in self.statements[at:]:
            if name in one.surely:
                return
            if name in self.changes(one) and name not in one.binds:
                yield one

    def _touch(self, name: str, at: int) -> None:
        """What a function needs when it is called at place *at*, which may not be what it would need in the end."""
        for one in self.before(name, at):
            if (one.place, at) in self._touched or name not in one.binds:
                continue
            self._touched.add((one.place, at))
            inner = _needed_to_make(one.node) & one.later if isinstance(one.node, ast.ClassDef) else one.later
            for other in sorted(inner):
                self.need(other, at, quietly=True)
                self._touch(other, at)
            if isinstance(one.node, ast.ClassDef):
                for base in one.node.bases:
                    self._touch(root(base) or "", one.place)

    def _miss(self, name: str, at: int, by: Statement | None) -> None:
        stars = [one for one in self.statements[:at] if _star(one) is not None]
        known = [one for one in stars if hasattr(sys.modules.get(_star(one) or ""), name)]
        if stars:
            for one in known[-1:] or stars:
                self.stars[name].add(one.place)
                self.take(one)
        else:
            self.missing.setdefault(name, by)

    # -- what changes what --------------------------------------------------------------------------------------

    def _changes(self, one: Statement) -> frozenset[str]:
        """The names whose values the statement changes when it runs."""
        found = one.changes.names | one.changes.augmented
        for name in one.changes.called:
            found |= self._by_calling(name, one.place, set())
        for name, function in one.changes.given.items():
            if self._changes_given(name, function, one):
                found.add(name)
        if isinstance(one.node, ast.ClassDef):
            for base in filter(None, map(root, one.node.bases)):
                if self._minds_subclasses(base, one.place):
                    found |= {base} | self._by_calling(base, one.place, set())
        for name in one.changes.decorating:
            definitions = self._definitions(name, one.place)
            if any(not definition.is_import for definition in definitions):
                found |= {name} | self._by_calling(name, one.place, set())
        for name in list(found):
            for definition in self._definitions(name, one.place):
                found |= definition.changes.aliases.get(name, set())
        return frozenset(found)

    def _by_calling(self, name: str, at: int, seen: set[str]) -> set[str]:
        """What a call of *name* at place *at* changes."""
        if name in seen:
            return set()
        seen.add(name)
        found: set[str] = set()
        for one in self._definitions(name, at):
            if one.is_import:
                continue
            if isinstance(one.node, ast.ClassDef):
                making = [part for part in one.node.body if getattr(part, "name", "") in _MAKING]
                found |= in_place(making).by_calls
                inner = _needed_to_make(one.node) & one.later
            else:
                found |= one.changes.by_calls
                inner = one.later
            for other in inner:
                found |= self._by_calling(other, at, seen)
            if not one.is_definition:  # an object whose method is called
                for kind in one.reads:
                    found |= self._by_methods(kind, one.place)
        return found

    def _by_methods(self, kind: str, at: int) -> set[str]:
        found: set[str] = set()
        for one in self._definitions(kind, at):
            if isinstance(one.node, ast.ClassDef):
                found |= one.changes.by_calls
        return found

    def _changes_given(self, name: str, function: str, one: Statement) -> bool:
        """Whether the function that *name* is given to changes it; where nobody can know, that is remembered."""
        definitions = self._definitions(name, one.place)
        if not definitions or all(one.is_import or one.is_definition for one in definitions):
            return False
        if not function:  # a method of its own, for its own sake
            return True
        callee = function.partition(".")[0]
        made = self._definitions(callee, one.place)
        if any(isinstance(d.node, (ast.FunctionDef, ast.AsyncFunctionDef)) for d in made):
            return any(_changes_a_parameter(d.node) for d in made)
        if not any(d.is_definition or _is_ours(d) for d in made) and callee not in _BUILT_IN:
            self.given[name] = one, function
        return False

    def _minds_subclasses(self, base: str, at: int) -> bool:
        """Whether a class knows of its subclasses."""
        for one in self._definitions(base, at):
            if isinstance(one.node, ast.ClassDef):
                has_hook = any(getattr(part, "name", "") == "__init_subclass__" for part in one.node.body)
                if has_hook or self._lists_subclasses or one.node.keywords:
                    return True
                return any(self._minds_subclasses(root(up) or "", one.place) for up in one.node.bases)
        return False

    def _definitions(self, name: str, at: int) -> list[Statement]:
        found = []
        for place in range(at - 1, -1, -1):
            one = self.statements[place]
            if name in one.binds:
                found.append(one)
                if name in one.surely and not one.partly:
                    break
        return found


def _needed_to_make(node: ast.ClassDef) -> set[str]:
    """The names that appear where objects of a class are made."""
    making = [part for part in node.body if getattr(part, "name", "") in _MAKING]
    return {part.id for method in making for part in ast.walk(method) if isinstance(part, ast.Name)}


def _changes_a_parameter(node: ast.stmt) -> bool:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    arguments = node.args
    names = {one.arg for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
    return bool(in_place(node.body).names & names)


def _imports_module(one: Statement, name: str) -> bool:
    """Whether it is ``import name`` or ``import name.more``, under no other name."""
    return one.is_import and any(
        alias.asname is None and alias.name.partition(".")[0] == name
        for node in one.nodes
        if isinstance(node, ast.Import)
        for alias in node.names
    )


def _star(one: Statement) -> str | None:
    """The module whose names a star import brings."""
    for node in one.nodes:
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return node.module
    return None


def _is_ours(one: Statement) -> bool:
    """Whether it imports poebook, whose functions change nothing that they are given."""
    for node in one.nodes:
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(module.partition(".")[0] in ("poebook", "fastapi_poe") for module in modules):
            return True
    return False
