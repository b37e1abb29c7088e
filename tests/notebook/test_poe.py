"""``%poebot poe``, and bots in cells that call each other."""

from __future__ import annotations

import pytest

import poebook as fp
from tests.notebook.conftest import Notebook

ECHO = """
%%poebot echo
def get_response(request):
    return request.query[-1].content
"""
MAIN = """
%%poebot main
async def get_settings(setting):
    return fp.SettingsResponse(server_bot_dependencies={"echo": 1})

async def get_response(request):
    async for part in fp.stream_request(request, "echo", request.access_key):
        yield part
"""


@pytest.fixture(autouse=True)
def afresh() -> None:
    fp.local_poe()._state.inbox.clear()
    fp.local_poe()._state.purse.ledger.clear()
    fp.local_poe().mode = "local"


def test_a_bot_in_a_cell_reaches_one_in_another_cell_by_name(terminal: Notebook) -> None:
    terminal.ok(ECHO.strip())
    terminal.ok(MAIN.strip())
    assert terminal.ok("%poebot ask main tide").stdout.strip() == "tide"
    terminal.ok(ECHO.strip().replace("content", "content.upper()"))
    assert terminal.ok("%poebot ask main tide").stdout.strip() == "TIDE"


def test_status_says_where_names_are_asked(terminal: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    told = terminal.ok("%poebot poe status").stdout
    assert "Bots that are served here are asked here, others nowhere, as POE_API_KEY is not set." in told
    assert "Nothing is served here yet" in told
    terminal.ok(ECHO.strip())
    terminal.ok(MAIN.strip())
    terminal.ok("%poebot ask main tide")
    told = terminal.ok("%poebot poe").stdout
    assert fp.local_poe().base_url in told
    assert "It knows echo, main." in told
    assert "└─ echo: done" in told
    assert fp.local_poe().api_key not in told
    monkeypatch.setenv("POE_API_KEY", "x")
    assert "others on Poe." in terminal.ok("%poebot poe status").stdout
    monkeypatch.setenv("POE_BASE_URL", "http://127.0.0.1:9")
    assert "asked at http://127.0.0.1:9/." in terminal.ok("%poebot poe status").stdout


def test_live_and_local_switch(terminal: Notebook) -> None:
    assert "are asked on Poe. Set POE_API_KEY for that." in terminal.ok("%poebot poe live").stdout
    assert fp.local_poe().mode == "live"
    assert "are asked here" in terminal.ok("%poebot poe local").stdout
    assert fp.local_poe().mode == "local"


def test_another_word_is_wrong_use(terminal: Notebook) -> None:
    assert terminal.wrong("%poebot poe lokal") == "%poebot poe status|live|local: it is local now."


def test_what_poe_tells_authors_is_in_the_log(terminal: Notebook) -> None:
    terminal.ok(ECHO.strip())
    terminal.ok(MAIN.strip().replace('{"echo": 1}', "{}"))
    terminal.ok("%poebot ask main tide")
    assert "main does not declare echo in server_bot_dependencies" in terminal.ok("%poebot logs main").stdout
