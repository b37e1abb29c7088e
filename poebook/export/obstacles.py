"""What cannot be carried out of a notebook: looked for in what the bot reaches, and told with its cell."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from poebook.export.bots import Found
from poebook.export.changes import dotted
from poebook.export.files import mentioned, opened
from poebook.export.notebooks import Cell
from poebook.export.problem import Problem
from poebook.export.reach import Reach
from poebook.export.secrets import Secret
from poebook.export.statements import Statement

_DYNAMIC = {
    "globals": "finds names while it runs, so what it needs of the notebook cannot be known",
    "locals": "finds names while it runs, so what it needs of the notebook cannot be known",
    "vars": "finds names while it runs, so what it needs of the notebook cannot be known",
    "exec": "runs code made of text, so what that needs of the notebook cannot be known",
    "eval": "runs code made of text, so what that needs of the notebook cannot be known",
    "__import__": "imports by a name made while it runs, so requirements.txt cannot know of it",
    "importlib.import_module": "imports by a name made while it runs, so requirements.txt cannot know of it",
}
_CALLS = frozenset(
    {"stream_request", "get_bot_response", "get_bot_response_sync", "get_final_response", "Conversation"}
)
_ASKING = frozenset({"input", "getpass", "getpass.getpass"})
_OF_IPYTHON = frozenset({"get_ipython", "display", "In", "Out", "_", "__", "___", "_ih", "_oh", "_dh", "exit", "quit"})


@dataclass
class Seen:
    """Problems, environment variables that are read, and relative files, each with its cell: opened, or mentioned."""

    problems: list[Problem] = field(default_factory=list)
    environment: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    mentioned: dict[str, str] = field(default_factory=dict)

    def tell(self, kind: str, cell: object, says: str) -> None:
        problem = Problem(kind, None if cell is None else str(cell), says)
        if problem not in self.problems:
            self.problems.append(problem)


def seen(
    cells: Sequence[Cell],
    found: Found,
    reach: Reach,
    taken: Sequence[Statement],
    secrets: Sequence[Secret],
    names: Sequence[str],
) -> Seen:
    """Everything that stands in the way; *names* are those of all bots of the notebook."""
    told = Seen()
    for one in taken:
        _look(told, one)
    _environment(told, taken, secrets)
    _missing(told, cells, found, reach)
    _stars(told, reach)
    _distance(told, reach, taken)
    _neighbours(told, found, taken, names)
    return told


def _look(told: Seen, one: Statement) -> None:
    """What a statement does that a module does otherwise."""
    if one.partly:
        says = "it raised in this statement, so the notebook may have less of it than bot.py; run the cell again."
        told.tell("stopped", one.cell, says)
    if "bot" in one.binds and one.text.strip() != "bot = bot" and not _makes_the_bot(one):
        told.tell("name", one.cell, "it binds the name `bot`, which bot.py needs for the bot; rename it.")
    for node in (part for top in one.nodes for part in ast.walk(top)):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        if name in _DYNAMIC and not (name == "vars" and node.args):
            told.tell("dynamic", one.cell, f"`{name}` {_DYNAMIC[name]}.")
        elif name in _ASKING and not _is_answered(one, node):
            told.tell("input", one.cell, f"`{name}` waits for somebody at a keyboard, whom a server does not have.")
    for path in opened(one.nodes):
        told.files.setdefault(path, str(one.cell))
    for path in mentioned(one.nodes):
        told.mentioned.setdefault(path, str(one.cell))


def _makes_the_bot(one: Statement) -> bool:
    return isinstance(one.node, ast.Assign) and isinstance(one.node.value, ast.Call)


def _is_answered(one: Statement, call: ast.Call) -> bool:
    """Whether a variable of the environment answers in place of whoever sits there."""
    node = one.node
    return isinstance(node, ast.Assign) and node.value is call and isinstance(node.targets[0], ast.Name)


def _environment(told: Seen, taken: Sequence[Statement], secrets: Sequence[Secret]) -> None:
    """The variables that are read, besides the secrets."""
    known = {secret.name for secret in secrets}
    for one in taken:
        for name in _variables(one):
            if name not in known and name not in told.environment:
                told.environment.append(name)


def _variables(one: Statement) -> Iterator[str]:
    for node in (part for top in one.nodes for part in ast.walk(top)):
        match node:
            case ast.Subscript(value=base, slice=ast.Constant(value=str(name)), ctx=ast.Load()) if _is_environ(base):
                yield name
            case ast.Call(func=ast.Attribute(value=base, attr="get"), args=[ast.Constant(value=str(name)), *_]) if (
                _is_environ(base)
            ):
                yield name
            case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]) if dotted(function) in (
                "os.getenv",
                "getenv",
            ):
                yield name


def _is_environ(node: ast.expr) -> bool:
    return dotted(node) in ("os.environ", "environ")


def _missing(told: Seen, cells: Sequence[Cell], found: Found, reach: Reach) -> None:
    """Names that no statement binds, with the likeliest reason."""
    magics = {name: (cell, one.magic) for cell in cells for one in cell.plain.left_out for name in one.binds}
    for name, by in reach.missing.items():
        where = by.cell if by is not None else found.cell
        if name in magics:
            cell, magic = magics[name]
            shown = "a command in a shell" if magic == "!" else f"`{magic}`"
            told.tell("magic", cell, f"`{name}` is bound by {shown}, which only a notebook has; {where} needs it.")
        elif name in _OF_IPYTHON or (name[:1] == "_" and name[1:].isdigit()):
            told.tell("notebook", where, f"`{name}` is there in a notebook only.")
        else:
            told.tell("undefined", where, f"`{name}` is needed, and no cell that ran defines it.{_hint(cells, name)}")
    needs_guess = bool(reach.missing)
    for cell in cells:
        if cell.plain.broken and needs_guess:
            told.tell("source", cell, "it cannot be read as Python, so nothing in it was carried.")
        elif cell.stopped_at == 0 and any(one.cell is cell and one.place in reach.taken for one in reach.statements):
            told.tell("stopped", cell, "it raised, and where is not known; run it again so that all of it has run.")


def _hint(cells: Sequence[Cell], name: str) -> str:
    """Where the name may come from."""
    for cell in cells:
        if cell.plain.skipped is not None and name in cell.source:
            return f" {str(cell).capitalize()} names it, but is made something else of by `{cell.plain.skipped}`."
        for one in cell.plain.left_out:
            if one.magic in ("%run", "%load", "%store", "%pylab"):
                return f" `{one.magic}` in {cell} may have brought it; import it instead."
        if "exec(" in cell.source or "globals()" in cell.source:
            return f" {str(cell).capitalize()} makes names while it runs; define it by its name."
    return ""


def _stars(told: Seen, reach: Reach) -> None:
    by_place: dict[int, list[str]] = {}
    for name, places in reach.stars.items():
        for place in places:
            by_place.setdefault(place, []).append(name)
    for place, names in sorted(by_place.items()):
        one = reach.statements[place]
        listed = ", ".join(f"`{name}`" for name in sorted(names))
        certain = "may come" if any(len(reach.stars[name]) > 1 for name in names) else "must come"
        told.tell("star", one.cell, f"{listed} {certain} from `{one.text.strip()}`; import by name what is needed.")


def _distance(told: Seen, reach: Reach, taken: Sequence[Statement]) -> None:
    """Values that something may have changed that is not carried."""
    inside = {one.place for one in taken}
    values = {
        name
        for one in taken
        if not one.is_import and not one.is_definition
        for name in one.binds | one.changes.augmented
        if name in reach.names
    }
    for one in reach.statements:
        if one.place in inside or not one.is_definition:
            continue
        for name in sorted(one.changes.by_calls & values):
            what = getattr(one.node, "name", "a function")
            if _is_last(reach, one):
                says = f"`{what}` changes `{name}` when it is called; bot.py has neither it nor what it changed."
                told.tell("distance", one.cell, says)
    for name, (one, function) in reach.given.items():
        if name in values and one.place not in inside:
            says = (
                f"`{function}` was given `{name}`, which the bot needs, and may have changed it; that is not carried."
            )
            told.tell("distance", one.cell, says)


def _neighbours(told: Seen, found: Found, taken: Sequence[Statement], names: Sequence[str]) -> None:
    """Bots of the notebook that the bot calls by name."""
    for one in taken:
        for node in (part for top in one.nodes for part in ast.walk(top)):
            if not isinstance(node, ast.Call) or dotted(node.func).rpartition(".")[2] not in _CALLS:
                continue
            for value in [*node.args, *(word.value for word in node.keywords)]:
                called = str(value.value) if isinstance(value, ast.Constant) else ""
                if called in names and called != found.name:
                    says = f"it calls {called}, a bot of this notebook, which has to be on Poe under that name."
                    told.tell("bot", one.cell, says)


def _is_last(reach: Reach, one: Statement) -> bool:
    """Whether no later definition took its name."""
    return not any(one.binds & other.surely for other in reach.statements[one.place + 1 :])
