"""A bot and just what it needs, out of a notebook's cells, as the source of a module."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from poebook.export import obstacles
from poebook.export.awaiting import awaits, run_instead
from poebook.export.bots import OURS, Found, find_bot
from poebook.export.bots import names_of as names_of
from poebook.export.edits import Edit
from poebook.export.introducing import introduced
from poebook.export.module import Module, Part, hoisted, part_of
from poebook.export.notebooks import Cell
from poebook.export.problem import CHOICE
from poebook.export.problem import Problem as Problem
from poebook.export.reach import Reach
from poebook.export.secrets import KNOWN, Secret, Secrets
from poebook.export.statements import Statement, statements_of
from poebook.server.choosing import last_taken

MASK = "••••"


@dataclass
class Slice:
    """A bot out of its notebook.

    ``source`` is a module whose name ``bot`` is the bot, ``name`` what the notebook calls it. ``problems`` are what
    could not be carried, ``secrets`` what is read from the environment instead, ``environment`` the variables that
    the source reads besides; ``files`` are relative paths that it opens, each with its cell, ``mentioned`` those that
    it names; ``modules`` what it imports.
    """

    name: str
    source: str
    problems: list[Problem] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    environment: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    mentioned: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)


def slice_bot(cells: Sequence[Cell], name: str | None = None, *, place: str = "notebook.ipynb") -> Slice:
    """The bot *name*, or the only one, out of *cells* in the order in which they ran; *place* is where these are from.

    Raises UnknownTarget.

    >>> cells = [Cell(1, "import os, re"), Cell(2, "def low(text):\\n    return re.sub('[A-Z]', '_', text)"),
    ...          Cell(3, "%%poebot low\\ndef get_response(request):\\n    return low(request.query[-1].content)")]
    >>> print(slice_bot(cells).source)
    \"""The bot low, taken out of its notebook.\"""
    <BLANKLINE>
    import re
    <BLANKLINE>
    from poebook.server.functions import bot_from_functions
    <BLANKLINE>
    <BLANKLINE>
    def low(text):
        return re.sub('[A-Z]', '_', text)
    <BLANKLINE>
    <BLANKLINE>
    def get_response(request):
        return low(request.query[-1].content)
    <BLANKLINE>
    <BLANKLINE>
    bot = bot_from_functions({"get_response": get_response}, "low")
    <BLANKLINE>
    """
    statements = statements_of(cells)
    found = find_bot(statements, cells, name, place)
    reach = Reach(statements)
    reach.follow(found.made)
    return _Writer(cells, found, reach, names_of(cells), place).slice()


class _Writer:
    def __init__(self, cells: Sequence[Cell], found: Found, reach: Reach, names: Sequence[str], place: str) -> None:
        self.cells, self.found, self.reach, self.names, self.place = cells, found, reach, names, place
        self.taken = _without_repeats([reach.statements[place] for place in sorted(reach.taken)])
        self.module = Module(f"The bot {found.name}, taken out of its notebook.")
        self.secrets = Secrets()
        self.problems: list[Problem] = []
        self.edits: dict[int, list[Edit]] = {}

    def slice(self) -> Slice:
        for one in self.taken:
            self.edits[one.place] = [*self.secrets.edits(one), *self._awaiting(one)]
        alias = self._alias()
        before, after = self._introduction(alias)
        at_head = hoisted(self.taken, self.reach.wanted)
        for one in at_head:
            self.module.imports.add_from(one, self.reach.wanted[one.place])
        self._parts(at_head, before, after)
        if any("os.environ[" in edit.text for edits in self.edits.values() for edit in edits):
            self.module.imports.add("os")
        source, leaks = self._masked(self.module.text())
        seen = obstacles.seen(self.cells, self.found, self.reach, self.taken, self.secrets.found, self.names)
        return Slice(
            self.found.name,
            source,
            [*self._others(), *self.problems, *seen.problems, *leaks],
            self.secrets.found,
            seen.environment,
            seen.files,
            seen.mentioned,
            self.module.imports.modules | {module for one in self.taken for module in _modules(one)},
        )

    def _others(self) -> list[Problem]:
        """Which bot was taken, where none was named and others are there."""
        if not self.found.others:
            return []
        return [Problem(CHOICE, None, f"{last_taken(self.place, self.found.others, self.found.name)}.")]

    def _parts(self, at_head: Sequence[Statement], before: str, after: str) -> None:
        made = self.found.made
        body = [one for one in self.taken if one not in at_head and one.place not in self.secrets.dropped]
        early = self._is_early(body)
        placed = False
        for one in body:
            if early and not placed and one.place >= made.place:
                self._bot(before, after)
                placed = True
            self.module.parts.append(part_of(one, self.edits[one.place]))
        if not placed:
            self._bot(before, after)

    def _bot(self, before: str, after: str) -> None:
        if before:
            self.module.parts.append(Part(before, 2))
        text = self.found.made.text
        if self.found.hooks:
            self.module.imports.add("poebook.server.functions", "bot_from_functions")
            if before and "get_settings" not in self.found.hooks:
                text = text.replace("{", '{"get_settings": get_settings, ', 1)
        if text != "bot = bot":
            self.module.parts.append(Part(text, 1))
        path = self.found.cell.options.get("path")
        lines = [*([f'bot.path = "{path}"'] if path else []), *([after] if after else [])]
        if lines:
            self.module.parts.append(Part("\n".join(lines), 2 if after else 1))

    def _is_early(self, body: Sequence[Statement]) -> bool:
        """Whether something that comes after the bot was made changes what it was made of."""
        made = self.found.made
        of = made.reads | {name for name, at in self.reach.needed if at == made.place}
        return any(one.place >= made.place and (of & (one.binds | self.reach.changes(one))) for one in body)

    def _alias(self) -> str:
        """The name that poebook has in the module; it is given one where it has none."""
        for one in self.taken:
            for node in one.nodes:
                for alias in node.names if isinstance(node, ast.Import) else ():
                    if alias.name in OURS and (alias.asname or alias.name) in self.reach.wanted[one.place]:
                        return alias.asname or alias.name
        if "fp" in self.reach.missing:  # each %%poebot cell has it
            del self.reach.missing["fp"]
            self.module.imports.add("poebook", None, "fp")
        return "fp"

    def _introduction(self, alias: str) -> tuple[str, str]:
        """Lines before the bot and after it, by which it introduces itself."""
        words = self.found.cell.options.get("introduction")
        if words is None:
            return "", ""
        said = introduced(self.found, words, self.taken, alias)
        for place, more in said.edits.items():
            self.edits[place] += more
        if alias == "fp" and f"{alias}.SettingsResponse" in said.before + str(said.edits):
            self.module.imports.add("poebook", None, "fp")
        return said.before, said.after

    def _awaiting(self, one: Statement) -> list[Edit]:
        if not awaits(one):
            return []
        edits = run_instead(one)
        if edits is None:
            says = "it awaits at its own level, which a module cannot; move that into a function of the bot."
            self.problems.append(Problem("await", str(one.cell), says))
            return []
        self.module.imports.add("asyncio")
        says = (
            "it awaits at its own level, which a module cannot; bot.py does that once, by asyncio.run, when it starts."
        )
        self.problems.append(Problem("await", str(one.cell), says))
        return edits

    def _masked(self, source: str) -> tuple[str, list[Problem]]:
        """*source* without any secret that is left, in a comment or in the midst of a text."""
        values = [one.value for one in self.secrets.found if one.value is not None and len(one.value) >= 6]
        left = {value for value in values if value in source} | {match[0] for match in KNOWN.finditer(source)}
        for value in sorted(left, key=len, reverse=True):
            source = re.sub(re.escape(value), MASK, source)
        says = f"a secret stood in a comment or inside a longer text; {MASK} stands there now, so look at that line."
        return source, [Problem("secret", None, says)] if left else []


def _without_repeats(taken: Sequence[Statement]) -> list[Statement]:
    """*taken* without functions and classes that were run again as they were, while nothing else bore their names."""
    kept: list[Statement] = []
    last: dict[str, Statement] = {}
    for one in taken:
        before = [last.get(name) for name in one.binds]
        if one.is_definition and before and all(b is not None and b.text == one.text for b in before):
            continue
        last |= dict.fromkeys(one.binds, one)
        kept.append(one)
    return kept


def _modules(one: Statement) -> set[str]:
    """What it imports, wherever in it that stands."""
    found: set[str] = set()
    if one.is_import:
        return found
    for part in (part for node in one.nodes for part in ast.walk(node)):
        if isinstance(part, ast.Import):
            found |= {alias.name for alias in part.names}
        elif isinstance(part, ast.ImportFrom):
            found.add("." * part.level + (part.module or ""))
    return found
