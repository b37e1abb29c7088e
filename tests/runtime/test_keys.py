"""Keys: where they come from, how they are kept, and that they never show."""

from __future__ import annotations

import logging
import os
import stat
import sys
from pathlib import Path

import pytest

import poebook as fp
from poebook.runtime import keys

GIVEN = "given-given-given-given-given-00"
NAMED = "named-named-named-named-named-00"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_made_once_and_kept_for_the_owner_alone(own_home: Path) -> None:
    key = keys.find_key("echo")
    assert len(key) == 32
    assert key.isalnum()
    file = own_home / "keys" / "echo.key"
    assert file.read_text() == key
    assert keys.find_key("echo") == key
    assert keys.find_key("other") != key
    assert sorted(path.name for path in file.parent.iterdir()) == ["echo.key", "other.key"]
    if os.name == "posix":
        assert mode(file) == 0o600
        assert mode(file.parent) == 0o700


def test_given_goes_before_the_environment_and_that_before_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keys.find_key("echo")
    monkeypatch.setenv("POE_ACCESS_KEY", NAMED)
    assert keys.find_key("echo") == NAMED
    assert keys.find_key("echo", GIVEN) == GIVEN
    monkeypatch.delenv("POE_ACCESS_KEY")
    assert keys.find_key("echo") == kept


def test_a_given_key_may_name_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHO_KEY", GIVEN)
    assert keys.find_key("echo", "$ECHO_KEY") == GIVEN
    with pytest.raises(fp.InvalidKey, match="NO_SUCH_KEY is not set"):
        keys.find_key("echo", "$NO_SUCH_KEY")


@pytest.mark.parametrize("key", ["", "abc", "x" * 33, "é" * 32, "x" * 31 + " ", "x" * 31 + "\n"])
def test_a_key_that_poe_would_not_give_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(fp.InvalidKey) as refusal:
        keys.find_key("echo", key)
    assert not key or key not in str(refusal.value)


def test_a_wrong_key_in_the_environment_says_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_ACCESS_KEY", "short")
    with pytest.raises(fp.InvalidKey, match="The key in POE_ACCESS_KEY has 5 characters"):
        keys.find_key("echo")


def test_a_new_key_replaces_the_kept_one(own_home: Path) -> None:
    old = keys.find_key("echo")
    new = keys.renew_key("echo")
    assert new != old
    assert keys.find_key("echo") == new
    assert keys.is_kept("echo", new)
    assert not keys.is_kept("echo", old)


def test_files_that_others_may_read_are_closed_to_them(own_home: Path) -> None:
    if os.name != "posix":
        pytest.skip("modes are POSIX's")
    key = keys.find_key("echo")
    file = own_home / "keys" / "echo.key"
    file.chmod(0o644)
    file.parent.chmod(0o755)
    assert keys.find_key("echo") == key
    assert mode(file) == 0o600
    keys.find_key("other")
    assert mode(file.parent) == 0o700


def test_a_folder_that_cannot_be_had_costs_a_warning_and_the_key_holds_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("POEBOOK_HOME", str(tmp_path / "a-file"))
    monkeypatch.setattr(keys, "_unkept", {})
    with caplog.at_level(logging.WARNING, "poebook"):
        key = keys.find_key("echo")
    assert len(key) == 32
    assert keys.find_key("echo") == key
    assert "The key of echo cannot be kept" in caplog.text
    assert key not in caplog.text


def test_a_full_disk_leaves_no_torn_file(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(keys, "_unkept", {})
    with caplog.at_level(logging.WARNING, "poebook"):
        key = keys.find_key("echo")
    assert len(key) == 32
    assert list((own_home / "keys").iterdir()) == []
    assert "no space left on device" in caplog.text


def test_a_file_that_holds_no_key_is_left_as_it_is(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(keys, "_unkept", {})
    file = own_home / "keys" / "echo.key"
    file.parent.mkdir(mode=0o700, parents=True)
    file.touch(mode=0o600)
    file.write_text("something else")
    with caplog.at_level(logging.WARNING, "poebook"):
        assert len(keys.find_key("echo")) == 32
    assert file.read_text() == "something else"


def test_whoever_is_faster_decides(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = keys._made

    def slow() -> str:
        monkeypatch.setattr(keys, "_made", made)
        keys.find_key("echo")
        return made()

    monkeypatch.setattr(keys, "_made", slow)
    key = keys.find_key("echo")
    assert (own_home / "keys" / "echo.key").read_text() == key


@pytest.mark.parametrize(
    ("platform", "variable", "ends"),
    [
        ("linux", "XDG_DATA_HOME", ("data", "poebook")),
        ("win32", "LOCALAPPDATA", ("data", "poebook")),
        ("darwin", "", ("Library", "Application Support", "poebook")),
    ],
)
def test_without_a_home_of_its_own_it_is_the_platforms_data_folder(
    platform: str, variable: str, ends: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("POEBOOK_HOME")
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "data"))
    assert keys.home().parts[-len(ends) :] == ends
