"""Which bot a cell is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from poebook.errors import ServeError
from poebook.notebook.source import Ran
from poebook.runtime.bots import instance_of, nearly
from poebook.server.bot import PoeBot
from poebook.server.functions import HOOKS, bot_from_functions

NO_BOT = (
    "The cell defines no bot: write a class that subclasses fp.PoeBot, or a function get_response(request), or end "
    "the cell with an expression that is a fp.PoeBot."
)


def bot_of(ran: Ran, names: dict[str, Any], name: str | None) -> tuple[PoeBot, str]:
    """The bot that the cell *ran* is, and its name; *names* is the namespace after it. Raises ServeError.

    An expression at the end counts first, for it may hold what the constructor wants; then the last class; then
    ``get_response``.
    """
    if isinstance(ran.value, PoeBot):
        return ran.value, name or str(ran.value.bot_name or type(ran.value).__name__)
    kind = _last_class(ran, names)
    if kind is not None:
        return instance_of(kind), name or kind.__name__
    functions = _functions(ran, names)
    if "get_response" in functions:
        if name is None:
            raise ServeError("A bot made of functions needs a name: %%poebot NAME.")
        return bot_from_functions(functions, name), name
    raise ServeError(_what_instead(ran, names))


def _last_class(ran: Ran, names: dict[str, Any]) -> type[PoeBot] | None:
    """The last bot class that the cell defined: by its text, else among the names that it bound."""
    found = [names.get(one.name) for one in _definitions(ran.tree, ast.ClassDef)]
    found += [value for key, value in names.items() if _is_new(key, ran, names) and _is_own(value, names)]
    ours = [one for one in found if isinstance(one, type) and issubclass(one, PoeBot) and _is_fresh(one, ran)]
    by_text = [one for one in ours if any(one is names.get(d.name) for d in _definitions(ran.tree, ast.ClassDef))]
    return next(reversed(by_text or ours), None)


def _functions(ran: Ran, names: dict[str, Any]) -> dict[str, Any]:
    return {hook: names[hook] for hook in HOOKS if callable(names.get(hook)) and _is_new(hook, ran, names)}


def _definitions(tree: ast.AST, kind: type[ast.ClassDef]) -> Iterator[ast.ClassDef]:
    """The classes of a module's own level, those inside ``if``, ``try`` and ``with`` too, in their order."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, kind):
            yield node
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from _definitions(node, kind)


def _is_new(key: str, ran: Ran, names: dict[str, Any]) -> bool:
    """Whether the cell bound *key*."""
    return key in names and (key not in ran.before or ran.before[key] is not names[key])


def _is_own(value: object, names: dict[str, Any]) -> bool:
    """Whether it was made in the notebook, not imported."""
    return getattr(value, "__module__", None) == names.get("__name__")


def _is_fresh(kind: type, ran: Ran) -> bool:
    """Whether the class was made by this cell, rather than named anew."""
    return not any(value is kind for value in ran.before.values())


def _what_instead(ran: Ran, names: dict[str, Any]) -> str:
    """What the cell did define, where that is nearly a bot."""
    if isinstance(ran.value, type) and issubclass(ran.value, PoeBot):
        return f"The cell ends with the class {ran.value.__name__}; make an instance of it: {ran.value.__name__}()."
    for definition in _definitions(ran.tree, ast.ClassDef):
        kind = names.get(definition.name)
        if not isinstance(kind, type):
            continue
        says = nearly(kind)
        if says is not None:
            return says
    functions = [one.name for one in ran.tree.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if len(functions) == 1:
        return f"{functions[0]} is a function; a bot's is called get_response, so that it is known for one. Rename it."
    return NO_BOT
