"""What an export is: files, what could not be carried, secrets, and the verdict of a fresh process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from poebook.export.problem import Problem
from poebook.export.secrets import Secret
from poebook.export.verdict import Verdict


@dataclass(frozen=True)
class Export:
    """A bot as a project of its own.

    ``files`` are the paths that were written, relative to ``directory``; ``problems`` what could not be carried, each a
    sentence with its cell; ``secrets`` what is read from the environment instead of the source; ``environment`` which
    variables the bot reads besides; ``verdict`` what a fresh process made of it. A notebook shows it as Markdown.

    >>> print(Export("echo", Path("echo-bot"), ["bot.py"], [], [], [], Verdict("alike", "It answers as it did.")))
    echo is in echo-bot: bot.py.
    It answers as it did.
    """

    name: str
    directory: Path
    files: Sequence[str]
    problems: Sequence[Problem]
    secrets: Sequence[Secret]
    environment: Sequence[str]
    verdict: Verdict
    notes: Sequence[str] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether it answers as the notebook did, as far as that could be found out."""
        return self.verdict.passed

    def __str__(self) -> str:
        lines = [f"{self.name} is in {self.directory}: {', '.join(self.files)}."]
        if self.secrets:
            lines.append(f"Read from the environment: {', '.join(map(str, self.secrets))}.")
        lines += [f"Mind {problem}" if problem.cell else str(problem) for problem in self.problems]
        return "\n".join([*lines, str(self.verdict)])

    def _repr_markdown_(self) -> str:
        mark = {"alike": "✔", "shape": "✔", "started": "•"}.get(self.verdict.outcome, "✘")
        parts = [f"**{_plain(self.name)}** is in `{self.directory}`: {', '.join(f'`{name}`' for name in self.files)}"]
        parts.append(f"{mark} {_plain(self.verdict.says)}")
        for turn in self.verdict.turns:
            if turn.says:
                parts.append(f"- “{_plain(_short(turn.question))}”: {_plain(turn.says)}")
                if turn.diff:
                    fence = "`" * 3 if "```" not in turn.diff else "`" * 8
                    parts.append(f"{fence}diff\n{turn.diff}\n{fence}")
        if self.verdict.detail:
            parts.append(f"````text\n{self.verdict.detail.strip()}\n````")
        if self.secrets:
            listed = "\n".join(f"- `{secret.name}`, from {secret.cell}" for secret in self.secrets)
            parts.append(f"**Read from the environment** instead of standing in the source\n\n{listed}")
        if self.problems:
            listed = "\n".join(f"- {_plain(str(problem))}" for problem in self.problems)
            parts.append(f"**Mind**\n\n{listed}")
        return "\n\n".join(parts)


def _plain(text: str) -> str:
    """*text* as Markdown that shows it as it is; code stays code."""
    return "".join(f"\\{sign}" if sign in "\\*_{}[]<>#|~$" else sign for sign in text)


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
