"""An export takes nothing of anybody else's away."""

from __future__ import annotations

from pathlib import Path

import pytest

from poebook.errors import PoebookError
from poebook.export.writing import MANIFEST, Folder


def exported(
    path: Path, content: str = "bot = 1\n", *, force: bool = False, more: dict[str, str] | None = None
) -> None:
    folder = Folder(path, force=force)
    files: dict[str, str | bytes] = {"bot.py": content, **(more or {})}
    folder.check(files)
    folder.write(files)
    folder.finish("tide")


def test_an_export_is_replaced_on_request_only(tmp_path: Path) -> None:
    exported(tmp_path / "tide", more={"old.txt": "old"})
    with pytest.raises(PoebookError, match="--force"):
        exported(tmp_path / "tide", "bot = 2\n")
    (tmp_path / "tide/mine.txt").write_text("mine")
    exported(tmp_path / "tide", "bot = 2\n", force=True)
    assert sorted(file.name for file in (tmp_path / "tide").iterdir()) == [MANIFEST, "bot.py", "mine.txt"]
    assert (tmp_path / "tide/bot.py").read_text() == "bot = 2\n"


def test_foreign_and_changed_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text("mine")
    with pytest.raises(PoebookError, match="no export wrote it"):
        exported(tmp_path, force=True)
    (tmp_path / "bot.py").unlink()
    exported(tmp_path)
    (tmp_path / "bot.py").write_text("mended by hand")
    with pytest.raises(PoebookError, match="was changed since it was exported"):
        exported(tmp_path, force=True)
    assert (tmp_path / "bot.py").read_text() == "mended by hand"


def test_a_folder_with_other_things_in_it_will_do(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("mine")
    exported(tmp_path)
    assert (tmp_path / "LICENSE").read_text() == "mine"
