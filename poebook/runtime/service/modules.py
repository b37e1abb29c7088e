"""Modules of an author's, by name, by file, or of a text."""

from __future__ import annotations

import importlib
import importlib.util
import linecache
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

from poebook.errors import AuthorFault, InvalidSetup, UnknownTarget
from poebook.faults import Fault


def by_name(name: str) -> ModuleType:
    """The module *name*, as ``import`` finds it, or from the current folder."""
    _look_in(Path.cwd())
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise UnknownTarget(f"There is no module named {name} here.{beside(Path(name))}") from None
        raise AuthorFault(Fault.of(error).traceback) from None
    except Exception as error:
        raise AuthorFault(Fault.of(error).traceback) from None


def from_file(file: Path) -> ModuleType:
    """The module that *file* holds; what lies beside it can be imported."""
    if not file.is_file():
        raise UnknownTarget(f"There is no file {file}.{beside(file)}")
    _look_in(file.resolve().parent)
    spec = importlib.util.spec_from_file_location(file.stem, file.resolve())
    assert spec is not None, "a .py file has a spec"
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise AuthorFault(Fault.of(error).traceback) from None
    return module


def from_text(text: str, file: Path) -> ModuleType:
    """A module made of *text*, which comes from *file*; tracebacks show the text's own lines."""
    _look_in(file.resolve().parent)
    place = f"{file} (as a module)"
    linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
    module = ModuleType(file.stem)
    module.__dict__["__file__"] = str(file.resolve())
    sys.modules[file.stem] = module
    try:
        exec(compile(text, place, "exec"), vars(module))
    except Exception as error:
        raise AuthorFault(Fault.of(error).traceback) from None
    return module


def refuse_mixing(file: Path, before: Iterable[Path]) -> None:
    """Two folders with modules of one name cannot share a process: bots of the second would get the first's.

    Raises InvalidSetup where a module beside *file* is hidden by one that was imported from a folder *before*.
    """
    folder = file.parent
    for other in sorted(folder.glob("*.py")):
        first = getattr(sys.modules.get(other.stem), "__file__", None)
        if other != file and first is not None and Path(first).parent in set(before) - {folder}:
            raise InvalidSetup(
                f"{folder} and {Path(first).parent} both have a {other.name}, and one process can have only one of "
                "them; serve the two by commands of their own."
            )


def near(word: str, words: Iterable[str]) -> str | None:
    """The one of *words* that was probably meant.

    >>> near("Ecko", ["fp", "Echo"])
    'Echo'
    """
    known = {one.lower(): one for one in words}
    found = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


def beside(path: Path) -> str:
    """What was meant by *path*, where nothing is: a question, or nothing."""
    folder = path.parent
    there = [one for one in folder.iterdir() if not one.name.startswith(".")] if folder.is_dir() else []
    known = {one.name: one for one in there if one.is_dir() or one.suffix in (".py", ".ipynb")}
    stems = {one.stem: one for one in known.values()}
    begun = sorted(name for name in known if name.startswith(path.name))
    meant = known.get(near(path.name, known) or "") or stems.get(near(path.name, stems) or "")
    found = stems.get(path.name) or (known[begun[0]] if begun else meant)
    return f" Did you mean {found}?" if found is not None else ""


def _look_in(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
