"""No secret of a notebook comes along; each is read from the environment and listed by its name."""

from __future__ import annotations

import pytest

from poebook.export.notebooks import Cell
from poebook.export.slicing import slice_bot

OPENAI = "sk-" + "a1B2c3D4" * 5
BOT = "%%poebot echo\ndef get_response(request):\n    return str(X)"


@pytest.mark.parametrize(
    ("line", "name", "becomes"),
    [
        ("X = '{}'", "X", 'X = os.environ["X"]'),
        ("OPENAI_API_KEY = X = '{}'", "OPENAI_API_KEY", '= os.environ["OPENAI_API_KEY"]'),
        ("X = dict(api_key='{}')", "DICT_API_KEY", 'dict(api_key=os.environ["DICT_API_KEY"])'),
        ("X = {{'auth_token': '{}'}}", "AUTH_TOKEN", "{'auth_token': os.environ[\"AUTH_TOKEN\"]}"),
        ("X = ['{}']", "SECRET", 'X = [os.environ["SECRET"]]'),
        ("X = 'Bearer {}'", "X", "X = f\"Bearer {os.environ['X']}\""),
        ('X = f"Bearer {} {{1}}"', "SECRET", "X = f\"Bearer {os.environ['SECRET']} {1}\""),
        ("X = lambda token='{}': token", "TOKEN", 'lambda token=os.environ["TOKEN"]: token'),
        ("X = 1  # {}", None, "X = 1  # ••••"),
    ],
)
def test_a_secret_is_read_from_the_environment(line: str, name: str | None, becomes: str) -> None:
    one = slice_bot([Cell(1, line.format(OPENAI)), Cell(2, BOT)])
    assert becomes in one.source
    assert OPENAI not in one.source
    assert [secret.name for secret in one.secrets] == ([name] if name else [])
    assert OPENAI not in repr(one)
    compile(one.source, "bot.py", "exec")


@pytest.mark.parametrize(
    "line",
    ["DB_PASSWORD = X = 'hunter2'", "AWS = X = 'AKIAIOSFODNN7EXAMPLE'", "X = 'q8Zr5LwX2mKp9VtY4nBc7QdH3jFg6SaE'"],
)
def test_names_forms_and_density_show_secrets(line: str) -> None:
    assert len(slice_bot([Cell(1, line), Cell(2, BOT)]).secrets) == 1


@pytest.mark.parametrize(
    "line",
    [
        "X = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'",
        "CACHE_KEY = X = 'tides'",
        "X = 'application/octet-stream'",
        "X = 'a sentence with Words and 12 numbers'",
    ],
)
def test_ordinary_texts_are_no_secrets(line: str) -> None:
    one = slice_bot([Cell(1, line), Cell(2, BOT)])
    assert one.secrets == []
    assert line in one.source


def test_a_variable_that_a_cell_only_sets_is_left_to_the_environment() -> None:
    cells = [
        Cell(1, f"import os\nos.environ['TIDE_KEY'] = '{OPENAI}'"),
        Cell(2, "X = os.environ['TIDE_KEY']"),
        Cell(3, BOT),
    ]
    one = slice_bot(cells)
    assert [secret.name for secret in one.secrets] == ["TIDE_KEY"]
    assert one.source.count("TIDE_KEY") == 1


def test_what_was_typed_at_a_prompt_is_a_secret() -> None:
    one = slice_bot([Cell(1, "from getpass import getpass\nX = getpass()"), Cell(2, BOT)])
    assert 'X = os.environ["X"]' in one.source
    assert one.problems == []
