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

from poebook.errors import AuthorFault, UnknownTarget
from poebook.faults import Fault


def by_name(name: str) -> ModuleType:
    """The module *name*, as ``import`` finds it, or from the current folder."""
    _look_in(Path.cwd())
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise UnknownTarget(f"There is no module named {name} here.{_beside(name)}") from None
        raise AuthorFault(Fault.of(error).traceback) from None
    except Exception as error:
        raise AuthorFault(Fault.of(error).traceback) from None


def from_file(file: Path) -> ModuleType:
    """The module that *file* holds; what lies beside it can be imported."""
    if not file.is_file():
        folder = file.parent
        there = [one.name for one in folder.iterdir()] if folder.is_dir() else []
        meant = near(file.name, there)
        hint = f" Did you mean {folder / meant}?" if meant else ""
        raise UnknownTarget(f"There is no file {file}.{hint}")
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


def near(word: str, words: Iterable[str]) -> str | None:
    """The one of *words* that was probably meant.

    >>> near("Ecko", ["fp", "Echo"])
    'Echo'
    """
    known = {one.lower(): one for one in words}
    found = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


def _beside(name: str) -> str:
    """What was meant by a name that no module has."""
    here = sorted(one for one in Path.cwd().iterdir() if one.suffix in (".py", ".ipynb") or one.is_dir())
    stems = {one.stem: one.name for one in here if not one.name.startswith(".")}
    meant = stems.get(name) or stems.get(near(name, stems) or "")
    return f" Did you mean {meant}?" if meant else ""


def _look_in(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
