"""Where the bytes of attached files live, and how long."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from poebook.client.filestore import FileStore, safe_name, store


def test_a_file_grows_and_is_read_again() -> None:
    file = store.create("a.txt", "text/plain")
    file.append(b"hel")
    file.append(memoryview(b"lo"))
    assert (file.size, file.read()) == (5, b"hello")
    assert store.find(file.id) is file
    assert file.path.stat().st_mode & 0o077 == 0
    assert file.path.parent.stat().st_mode & 0o077 == 0


def test_a_file_is_gone_when_nobody_holds_it() -> None:
    file = store.create("a.txt", "text/plain")
    id, path = file.id, file.path
    assert path.exists()
    del file
    gc.collect()
    assert not path.exists()
    assert store.find(id) is None


def test_a_store_takes_its_folder_with_it() -> None:
    own = FileStore()
    folder = own.create("a", "text/plain").path.parent
    assert folder.is_dir()
    del own
    gc.collect()
    assert not folder.exists()


def test_nothing_is_left_when_the_process_ends_and_a_fork_takes_nothing_away() -> None:
    code = """
import os, sys
from poebook.client.filestore import store
file = store.create("a", "text/plain")
if hasattr(os, "fork"):
    if os.fork() == 0:
        store.create("b", "text/plain")
        sys.exit()
    os.wait()
assert file.path.exists()
print(file.path.parent)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert not Path(told.strip()).exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("C:\\fake\\a.txt", "a.txt"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\u2028c\ud800.txt", "a b c .txt"),
        ("Gezeiten für Köln.pdf", "Gezeiten für Köln.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe
