"""From a bot in a notebook to a project, proved in a fresh process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from poebook.client.tapes.keeping import whole
from poebook.errors import PoebookError
from poebook.export.companions import companions
from poebook.export.export import Export as Export
from poebook.export.origin import Origin, origin_of, tape_of
from poebook.export.problem import CHOICE, Problem
from poebook.export.project import container, environment, kubernetes, modal, ray, readme, testing
from poebook.export.project.facts import KEY, Facts, Variable
from poebook.export.proof import prove
from poebook.export.requirements import Needs
from poebook.export.slicing import MASK, Slice, slice_bot
from poebook.export.writing import Folder
from poebook.whereabouts import adrift, is_adrift

Tell = Callable[[str], object]
_FILES = (
    "bot.py", "requirements.txt", "README.md", "tests/test_bot.py", "tests/conftest.py", "pytest.ini", "Dockerfile",
    ".dockerignore", ".env.example", "kubernetes.yaml", "modal_app.py", "ray_app.py",
)  # fmt: skip


def export_bot(
    name_or_path: object,
    directory: str | Path,
    *,
    ask: Sequence[str] = (),
    force: bool = False,
    tell: Tell = lambda line: None,
) -> Export:
    """Write a bot and just what it needs of its notebook as a project into *directory*, and prove it; blocks.

    ``name_or_path`` is a bot that is served here, by its name, or ``notebook.ipynb[:NAME]``, or ``file.py[:Bot]``. A
    fresh process then answers what the bot was asked here, and the questions of ``ask``, and the export says whether
    it answers alike; from a file the whole notebook is run to compare with, where there are questions. ``force``
    replaces what an earlier export wrote there, and nothing else. ``tell`` is called with a line for each step,
    and, before it is written, with which bot is taken where several could be meant.

    Raises UnknownTarget and PoebookError where there is no such bot, and where files of others are in the way; what
    could not be carried, and an export that answers otherwise, are in the Export.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made = export_bot("notebooks/00_first_bot.ipynb:glyph", folder)
    >>> made.files[0], made.problems, made.secrets, made.passed
    ('bot.py', [], [], True)
    """
    if is_adrift():
        raise PoebookError(adrift())
    questions = [ask] if isinstance(ask, str) else list(ask)
    folder = Folder(Path(directory), force=force)
    origin = origin_of(name_or_path)
    tell(f"Reading {origin.label}")
    cut = slice_bot(origin.cells, origin.name, place=origin.place)
    for problem in cut.problems:
        if problem.kind == CHOICE:
            tell(str(problem))
    return _Exporting(origin, cut, folder, questions, tell).export()


class _Exporting:
    def __init__(self, origin: Origin, cut: Slice, folder: Folder, questions: Sequence[str], tell: Tell) -> None:
        self.origin, self.cut, self.folder, self.questions, self.tell = origin, cut, folder, questions, tell
        self.needs = Needs(cut.modules, origin.folder)
        self.beside = companions(cut.files, cut.mentioned, origin.folder)
        self.problems = [*cut.problems, *self.beside.problems, *self._packages()]
        self.known = self._values()

    def export(self) -> Export:
        name = self.cut.name
        along: dict[str, str | bytes] = {name: path.read_bytes() for name, path in self.needs.near.items()}
        along |= self.beside.files
        self.folder.check(dict.fromkeys([*_FILES, testing.TAPE, *along]))
        self.tell(f"Writing {self.folder.path}")
        facts = self._facts(sorted(along))
        self.folder.write({"bot.py": self.cut.source, **along})
        self.tell("Asking the notebook" if self.questions else "Looking for what was asked")
        asked = self.origin.asked(name, self.questions, self.known)
        self.tell("Asking a fresh process")
        verdict, turns = prove(
            self.folder.path,
            name,
            tape_of(asked, name),
            environment=self.known,
            settings=asked.settings,
            live=asked.live,
        )
        introduction = (asked.settings or {}).get("introduction_message")
        facts = replace(facts, verdict=verdict, tests=bool(turns), introduction=introduction, problems=self.problems)
        self.folder.write(_texts(facts))
        if turns:
            self.folder.write({testing.TAPE: self._masked(whole(testing.tape(name, turns, verdict)))})
        self.folder.finish(name)
        files = dict.fromkeys(["bot.py", *sorted(self.folder.written)])
        return Export(
            name,
            self.folder.path,
            list(files),
            self.problems,
            self.cut.secrets,
            self.cut.environment,
            verdict,
        )

    def _facts(self, along: Sequence[str]) -> Facts:
        variables = [Variable(one.name, f"stood in {one.cell}") for one in self.cut.secrets]
        variables += [Variable(name, "read by the bot", is_secret=False) for name in self.cut.environment]
        return Facts(
            self.cut.name,
            self.origin.label,
            self.cut.source,
            self.needs.lines,
            [one for one in variables if one.name != KEY],
            along,
        )

    def _packages(self) -> list[Problem]:
        says = "it imports `{}`, which belongs to no installed package; add what brings it to requirements.txt."
        return [Problem("package", None, says.format(name)) for name in self.needs.unknown]

    def _values(self) -> dict[str, str]:
        """The secrets as the fresh process is to have them: as they stood there, or as the notebook knows them."""
        found: dict[str, str] = {}
        for secret in self.cut.secrets:
            value = secret.value if secret.value is not None else self.origin.text(secret.bound or secret.name)
            if value is not None:
                found[secret.name] = value
        return found

    def _masked(self, text: str) -> str:
        for value in self.known.values():
            if len(value) >= 6:
                text = text.replace(value, MASK)
        return text


def _texts(facts: Facts) -> Mapping[str, str]:
    """The files that are made of what is known."""
    return {
        "requirements.txt": "".join(f"{line}\n" for line in facts.requirements),
        "README.md": readme.readme(facts),
        **testing.tests(facts),
        "Dockerfile": container.dockerfile(facts),
        ".dockerignore": container.IGNORED,
        ".env.example": environment.env_example(facts),
        "kubernetes.yaml": kubernetes.kubernetes(facts),
        "modal_app.py": modal.modal_app(facts),
        "ray_app.py": ray.ray_app(facts),
    }
