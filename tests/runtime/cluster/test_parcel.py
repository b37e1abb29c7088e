"""What travels to a cluster: the bots' sources and poebook's, and nothing else."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from poebook.errors import ServeError
from poebook.runtime.cluster.parcel import LARGEST, Parcel
from poebook.runtime.service import ServiceSpec, Source

BOT = "import helper\n\n\ndef get_response(request):\n    return helper.answer()\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bot.py").write_text(BOT)
    (tmp_path / "helper.py").write_text("from family import child\n\ndef answer():\n    return child.WORD\n")
    (tmp_path / "family").mkdir()
    (tmp_path / "family" / "__init__.py").write_text("")
    (tmp_path / "family" / "child.py").write_text("WORD = 'carried'\n")
    (tmp_path / "private.py").write_text("x = 1\n")
    (tmp_path / "notes.txt").write_text("mine\n")
    (tmp_path / ".env").write_text("SECRET=1\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("")
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    (tmp_path / "env" / "much.py").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(parcel: Parcel) -> set[str]:
    """The author's files in it."""
    listed = zipfile.ZipFile(io.BytesIO(parcel.content)).namelist()
    return {name.removeprefix("project/") for name in listed if name.startswith("project/")}


def test_a_file_takes_along_the_modules_beside_it_that_it_imports(folder: Path) -> None:
    parcel = Parcel.of(ServiceSpec(("bot.py",)))
    assert names(parcel) == {"bot.py", "helper.py", "family/__init__.py", "family/child.py"}
    assert parcel.spec.targets == ("bot.py",)


def test_a_folder_goes_whole_without_what_is_hidden_and_without_environments(folder: Path) -> None:
    parcel = Parcel.of(ServiceSpec((str(folder),), folder=str(folder)))
    assert names(parcel) == {
        *("bot.py", "helper.py", "family/__init__.py", "family/child.py"),
        *("private.py", "notes.txt"),
    }
    assert parcel.spec.targets == (".",)
    assert parcel.spec.folder is None


def test_a_module_by_name_goes_with_what_it_is_in(folder: Path) -> None:
    parcel = Parcel.of(ServiceSpec(("family.child:Bot",)))
    assert names(parcel) == {"family/__init__.py", "family/child.py"}
    assert parcel.spec.targets == ("family.child:Bot",)


def test_a_module_by_name_takes_along_what_it_imports(folder: Path) -> None:
    assert names(Parcel.of(ServiceSpec(("bot",)))) == {"bot.py", "helper.py", "family/__init__.py", "family/child.py"}


def test_a_module_that_is_installed_stays(folder: Path) -> None:
    assert names(Parcel.of(ServiceSpec(("json.decoder:Bot",)))) == set()


def test_what_a_bot_needs_of_its_notebook_goes_with_the_description(folder: Path) -> None:
    target = f"{folder}/book.ipynb:shout"
    source = Source("shout", BOT)
    parcel = Parcel.of(ServiceSpec((target,), {target: source}, folder=str(folder)))
    assert parcel.spec.targets == ("book.ipynb:shout",)
    assert parcel.spec.sources == {"book.ipynb:shout": source}
    assert names(parcel) == {"helper.py", "family/__init__.py", "family/child.py"}


def test_a_file_that_lies_elsewhere_stands_by_its_own_name(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "far.py"
    elsewhere.write_text("def get_response(request):\n    return 'far'\n")
    parcel = Parcel.of(ServiceSpec((f"{elsewhere}:get_response", "bot.py")))
    assert parcel.spec.targets == ("far.py:get_response", "bot.py")
    assert "far.py" in names(parcel)


def test_the_same_sources_make_the_same_bytes(folder: Path) -> None:
    spec = ServiceSpec(("bot.py",))
    assert Parcel.of(spec) == Parcel.of(spec)


def test_too_much_is_refused_with_the_next_step(folder: Path) -> None:
    with open(folder / "model.bin", "wb") as large:
        large.truncate(LARGEST + 1)
    with pytest.raises(ServeError, match="keep them in a folder of their own"):
        Parcel.of(ServiceSpec((str(folder),), folder=str(folder)))


def test_the_bots_are_made_where_nothing_but_the_parcel_is(folder: Path, tmp_path: Path) -> None:
    parcel = Parcel.of(ServiceSpec((str(folder),), folder=str(folder)))
    there = tmp_path / "there"
    zipfile.ZipFile(io.BytesIO(parcel.content)).extractall(there)
    program = f"""
import os, sys
sys.path[:0] = [{str(there / "project")!r}, {str(there)!r}]
import poebook
assert poebook.__file__.startswith({str(there)!r}), poebook.__file__
from poebook.runtime.cluster import replica
from poebook.runtime.service import KEYS
secrets = {{KEYS: '{{"/": "{"k" * 32}"}}', "FLAVOUR": "mild"}}
replica.begin({str(there / "project")!r}, {parcel.spec.to_json()!r}, secrets)
print(os.environ["FLAVOUR"], os.getcwd(), len(replica._begun))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.split() == ["mild", str(there / "project"), "1"], done.stderr


def test_bots_without_keys_are_not_begun(folder: Path) -> None:
    program = (
        "from poebook.runtime.cluster import replica\nfrom poebook.runtime.service import ServiceSpec\n"
        "replica.begin('.', ServiceSpec(('bot.py',)).to_json(), {})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=folder)
    assert "The bots were sent without their keys" in done.stderr
