"""The imports at the head of a module: those that are used, each once, in the usual order."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from poebook.export.statements import Statement


@dataclass
class Imports:
    """Gathers imports; ``text`` is what stands at the head.

    >>> imports = Imports()
    >>> imports.add("os"); imports.add("dataclasses", "field"); imports.add("dataclasses", "dataclass")
    >>> print(imports.text())
    import os
    from dataclasses import dataclass, field
    """

    whole: dict[str, None] = field(default_factory=dict)  # lines, for `import a as b`
    parts: dict[str, dict[str, None]] = field(default_factory=dict)  # by module, for `from a import b as c`
    notes: dict[str, str] = field(default_factory=dict)  # comments, by module

    def add(self, module: str, name: str | None = None, alias: str | None = None) -> None:
        """``import module``, or ``from module import name``."""
        known_as = f" as {alias}" if alias is not None else ""
        if name is None:
            self.whole[f"import {module}{known_as}"] = None
        else:
            self.parts.setdefault(module, {})[f"{name}{known_as}"] = None

    def add_from(self, one: Statement, wanted: Iterable[str]) -> None:
        """What *one* imports, as far as it is wanted."""
        names = set(wanted)
        for node in one.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if (alias.asname or alias.name.partition(".")[0]) in names:
                        self.add(alias.name, None, alias.asname)
                        self._note(one, alias.name)
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                for alias in node.names:
                    if (alias.asname or alias.name) in names or alias.name == "*" or module == "__future__":
                        self.add(module, alias.name, alias.asname)
                        self._note(one, module)

    def _note(self, one: Statement, module: str) -> None:
        comments = [line for line in one.text.split("\n") if line.startswith("#")]
        if comments and module not in self.notes:
            self.notes[module] = "\n".join(comments)

    @property
    def modules(self) -> set[str]:
        """The modules that are imported, with their dots."""
        return {line.split()[1] for line in self.whole} | set(self.parts)

    def text(self) -> str:
        """The lines, in groups: the language's future, its library, packages, what is near."""
        groups: list[list[str]] = [[], [], [], []]
        for line in sorted(self.whole):
            module = line.split()[1]
            groups[_group(module)].append(self._noted(module, line))
        for module in sorted(self.parts):
            names = sorted(self.parts[module], key=lambda one: (not one.isupper(), not one[:1].isupper(), one))
            lines = [["*"]] if "*" in names else []
            lines += [rest] if (rest := [name for name in names if name != "*"]) else []
            groups[_group(module)].append(self._noted(module, "\n".join(_wrapped(module, line) for line in lines)))
        return "\n\n".join("\n".join(group) for group in groups if group)

    def _noted(self, module: str, line: str) -> str:
        note = self.notes.get(module)
        return f"{note}\n{line}" if note else line


def _wrapped(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= 120:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


def _group(module: str) -> int:
    first = module.partition(".")[0]
    if first == "__future__":
        return 0
    if not first:
        return 3
    return 1 if first in sys.stdlib_module_names else 2
