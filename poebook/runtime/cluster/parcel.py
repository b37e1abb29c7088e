"""The source of bots, packed as text for machines that have none of it: files, never objects."""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from poebook.errors import ServeError
from poebook.runtime.service import ServiceSpec
from poebook.runtime.service.targets import BOT_FILE, split

LARGEST = 20_000_000  # bytes; the parcel is kept by Ray's controller for as long as the bots are served
PROJECT = "project"  # the author's files stand in this folder of the parcel, poebook itself beside it
_LEFT_OUT = ("__pycache__", "node_modules", "build", "dist")
_STAYS = ("widget", "notebook", "cli")  # parts of poebook that no served bot needs


@dataclass(frozen=True)
class Parcel:
    """Sources as the bytes of a zip, and the description of the service as it is true where they are unpacked."""

    content: bytes
    spec: ServiceSpec

    @classmethod
    def of(cls, spec: ServiceSpec) -> Parcel:
        """What the bots of *spec* need: a folder whole, a file with the modules beside it that it imports, and theirs.

        Hidden files, environments and caches stay behind. Modules that are installed are not taken along, but poebook
        is. Raises ServeError when there is too much.
        """
        here = Path(spec.folder) if spec.folder else Path.cwd()
        files: dict[str, bytes] = {}
        targets, sources = [], {}
        for target in spec.targets:
            place, name = split(target)
            source, path = spec.sources.get(target), here / place
            if source is not None:
                sent = _inside(path, here)
                files |= _with_what_it_imports(path.parent, sent.parent, _imported(source.text.encode()))
                sources[f"{sent.as_posix()}:{name}" if name else sent.as_posix()] = source
            elif path.is_dir() and (path / BOT_FILE).is_file():
                sent = _inside(path, here)
                files |= _of_folder(path, sent)
            elif path.suffix == ".py":
                sent = _inside(path, here)
                files |= _with_what_it_imports(path.parent, sent.parent, [path.stem])
            else:
                sent = Path(place)
                files |= _with_what_it_imports(here, Path(), [place.partition(".")[0]])
            targets.append(f"{sent.as_posix()}:{name}" if name else sent.as_posix())
        if (size := sum(map(len, files.values()))) > LARGEST:
            raise ServeError(
                f"The bots are {size // 1_000_000} MB with what goes along, and {LARGEST // 1_000_000} MB travel at "
                "most; keep them in a folder of their own, and large files where every machine can fetch them."
            )
        project = {f"{PROJECT}/{name}": content for name, content in files.items()}
        there = replace(spec, targets=tuple(targets), sources=sources, folder=None)
        return cls(_zipped({**project, **_ourselves()}), there)


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # with no date: the same is the same
    return packed.getvalue()


def _inside(path: Path, here: Path) -> Path:
    """Where *path* is to stand in the project: as it does here, or by its own name if it lies elsewhere."""
    path, here = path.resolve(), here.resolve()
    return path.relative_to(here) if path.is_relative_to(here) else Path(path.name)


def _of_folder(folder: Path, sent: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for one in sorted(folder.iterdir()):
        if one.name.startswith(".") or one.name in _LEFT_OUT or one.name.endswith(".pyc"):
            continue
        if one.is_file():
            files[(sent / one.name).as_posix()] = one.read_bytes()
        elif one.is_dir() and not one.is_symlink() and not (one / "pyvenv.cfg").exists():
            files |= _of_folder(one, sent / one.name)
        if sum(map(len, files.values())) > LARGEST:
            break  # enough to be refused; whoever names a home folder does not wait for all of it
    return files


def _with_what_it_imports(folder: Path, sent: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The modules of *names* that lie in *folder*, what is imported by them there, by that, and so on."""
    files: dict[str, bytes] = {}
    seen: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            found = _beside(folder, name, sent)
            files |= found
            left += [one for path, text in found.items() if path.endswith(".py") for one in _imported(text)]
    return files


def _beside(folder: Path, name: str, sent: Path) -> dict[str, bytes]:
    """The module or package *name* of *folder*; nothing, where it comes from elsewhere."""
    module, package = folder / f"{name}.py", folder / name
    if (package / "__init__.py").is_file():
        return _of_folder(package, sent / name)
    return {(sent / module.name).as_posix(): module.read_bytes()} if module.is_file() else {}


def _imported(source: bytes) -> Iterator[str]:
    """The first parts of the names that *source* imports; what cannot be parsed says so where it is run."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _ourselves() -> dict[str, bytes]:
    """poebook's own modules: every machine runs the version that the bots are served with."""
    home = Path(__file__).parents[2]
    files = {file.relative_to(home): file.read_bytes() for file in home.rglob("*.py")}
    return {f"poebook/{path.as_posix()}": content for path, content in files.items() if path.parts[0] not in _STAYS}
