"""What code changes in place, without binding it anew."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Methods that change what they are called on, whatever else they do.
_WORDS_CHANGING = (
    "add append appendleft clear difference_update discard extend extendleft insert intersection_update pop popitem "
    "popleft register remove reverse rotate setdefault sort subtract symmetric_difference_update update put "
    "put_nowait seed setFormatter addHandler setLevel set_option load_dotenv basicConfig setlocale simplefilter "
    "filterwarnings setrecursionlimit configure __setitem__"
)
_CHANGING = frozenset(_WORDS_CHANGING.split())
# Methods that only look; as statements they stand at the end of cells to be shown.
_WORDS_LOOKING = (
    "copy count decode describe display encode endswith format get head hex index info isalpha isdigit items join "
    "keys lower show split startswith strip tail title to_markdown to_string upper values model_dump model_dump_json "
    "read_text read_bytes exists plot hist ask ask_async chat stop publish unpublish rollback"
)
_LOOKING = frozenset(_WORDS_LOOKING.split())
# Functions that only look at what they are given.
_WORDS_HARMLESS = (
    "print display repr str len sorted list tuple dict set type id hash sum min max any all enumerate zip map filter "
    "isinstance issubclass dir vars help pprint callable getattr hasattr iter next range reversed round abs"
)
_HARMLESS = frozenset(_WORDS_HARMLESS.split())
# Functions of the standard library that change their first argument.
_WORDS_CHANGING_FIRST = (
    "random.shuffle shuffle heapq.heapify heapify heapq.heappush heappush heapq.heappop heappop bisect.insort insort "
    "setattr delattr"
)
_CHANGING_FIRST = frozenset(_WORDS_CHANGING_FIRST.split())


@dataclass
class Changes:
    """``names`` are changed when the code runs, ``augmented`` are bound anew from what they were; ``by_calls`` are
    changed when its functions are called.

    ``aliases`` says under which other names what is changed may be known, ``called`` what is called when the code
    runs, ``given`` the names that are handed to a function that may change them, each with the function (empty for a
    method of their own), ``decorating`` those whose methods decorate, as in ``@app.command``.
    """

    names: set[str] = field(default_factory=set)
    augmented: set[str] = field(default_factory=set)
    by_calls: set[str] = field(default_factory=set)
    aliases: dict[str, set[str]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    given: dict[str, str] = field(default_factory=dict)
    decorating: set[str] = field(default_factory=set)


def in_place(nodes: Iterable[ast.stmt]) -> Changes:
    """What the statements *nodes* change in place.

    >>> found = in_place(ast.parse("TABLE['x'] = 1; WORDS.append('y'); print(TABLE)").body)
    >>> sorted(found.names)
    ['TABLE', 'WORDS']
    """
    found = Changes()
    for node in nodes:
        _Reader(found).visit(node)
    for name in list(found.names):
        found.names |= found.aliases.get(name, set())
    return found


def root(node: ast.AST) -> str | None:
    """The name that an expression such as ``a.b[c].d`` begins with."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    if isinstance(node, ast.Call):
        return root(node.func) if isinstance(node.func, ast.Attribute) else None
    return node.id if isinstance(node, ast.Name) else None


def dotted(node: ast.AST) -> str:
    """A name with its dots; empty for anything else.

    >>> dotted(ast.parse("a.b.c", mode="eval").body)
    'a.b.c'
    """
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def definitely(body: Iterable[ast.stmt]) -> set[str]:
    """The names that *body* binds, whichever way it takes.

    >>> sorted(definitely(ast.parse("if x: a = b = 1\\nelse: a = 2").body))
    ['a']
    """
    bound: set[str] = set()
    for node in body:
        match node:
            case ast.Assign(targets=targets):
                bound |= {name for target in targets for name in _stored(target)}
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                bound |= {(one.asname or one.name.partition(".")[0]) for one in names}
            case ast.Delete(targets=targets):
                bound |= {one.id for one in targets if isinstance(one, ast.Name)}
            case ast.With(items=items, body=inner) | ast.AsyncWith(items=items, body=inner):
                bound |= {name for item in items if item.optional_vars for name in _stored(item.optional_vars)}
                bound |= definitely(inner)
            case ast.If(body=inner, orelse=other):
                bound |= definitely(inner) & definitely(other)
            case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=final):
                ways = [definitely([*inner, *other]), *(definitely(one.body) for one in handlers)]
                bound |= set.intersection(*ways) | definitely(final)
            case _ if str(type(node).__name__) == "TypeAlias":
                bound.add(node.name.id)  # type: ignore[attr-defined]  # of Python 3.12
    return bound


def stored_in(body: Iterable[ast.AST]) -> set[str]:
    """The names that *body* binds by assignment, outside its functions."""
    parts = (part for node in body for part in _of_scope(node))
    return {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del))}


def _stored(target: ast.AST) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


class _Reader(ast.NodeVisitor):
    """Walks statements; inside functions it keeps apart what is theirs from what is the module's."""

    def __init__(self, found: Changes, own: frozenset[str] | None = None) -> None:
        self.found = found
        self.own = own  # the names of the functions around; None at the module's level

    def _changed(self, node: ast.AST) -> None:
        name = root(node)
        if name is None or (self.own is not None and name in self.own):
            return
        (self.found.names if self.own is None else self.found.by_calls).add(name)

    # -- functions have names of their own ----------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self._decorates(decorator)
            self.visit(decorator)
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.visit(default)
        self._inside(node.args, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef  # the name is ast's

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._inside(node.args, [node.body])

    def _inside(self, arguments: ast.arguments, body: list[ast.stmt] | list[ast.expr]) -> None:
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        own = {one.arg for one in every if one is not None}
        shared: set[str] = set()
        for inner in body:
            for part in _of_scope(inner):
                if isinstance(part, ast.Global):
                    shared |= set(part.names)
                elif isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
                    own.add(part.id)
                elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    own.add(part.name)
        assigned = stored_in(body)
        self.found.by_calls |= shared & assigned
        reader = _Reader(self.found, (self.own or frozenset()) | frozenset(own - shared))
        for inner in body:
            reader.visit(inner)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self._decorates(decorator)
        if self.own is None:
            self.found.called |= {name for base in node.bases if (name := root(base))}
        self.generic_visit(node)

    def _decorates(self, decorator: ast.expr) -> None:
        """``@app.command`` changes ``app``; what ``@register`` changes is told by ``register`` itself."""
        call = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = root(call)
        if self.own is None and name is not None:
            (self.found.decorating if isinstance(call, ast.Attribute) else self.found.called).add(name)

    # -- what changes things ------------------------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        if isinstance(node.ctx, (ast.Store, ast.Del)):
            self._changed(node)
        self.generic_visit(node)

    visit_Subscript = visit_Attribute  # the name is ast's

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and self.own is None:
            self.found.augmented.add(node.target.id)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        source = root(node.value) if isinstance(node.value, (ast.Name, ast.Attribute, ast.Subscript)) else None
        if source is not None and self.own is None:
            for name in names:
                self.found.aliases.setdefault(name, set()).add(source)
        self.generic_visit(node)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        if self.own is None:
            within = {part.id for part in ast.walk(node.iter) if isinstance(part, ast.Name)}
            for name in _stored(node.target):
                self.found.aliases.setdefault(name, set()).update(within)
        self.generic_visit(node)

    visit_AsyncFor = visit_For  # the name is ast's

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr not in _LOOKING:
            self.found.given.update({name: "" for name in [root(call.func)] if name and self.own is None})
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = dotted(node.func)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
            self._changed(node.func)
        if name in _CHANGING_FIRST and node.args:
            self._changed(node.args[0])
        if self.own is None:
            if called := root(node.func):
                self.found.called.add(called)
            if name not in _HARMLESS and not (isinstance(node.func, ast.Attribute) and node.func.attr in _LOOKING):
                values = [*node.args, *(one.value for one in node.keywords)]
                self.found.given |= {given: name or "a call" for value in values if (given := _name(value))}
        self.generic_visit(node)


def _name(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _of_scope(node: ast.AST) -> Iterator[ast.AST]:
    """*node* and what is inside it, without the insides of functions and classes."""
    yield node
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return
    for child in ast.iter_child_nodes(node):
        yield from _of_scope(child)
