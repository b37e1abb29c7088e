"""The pytest plugin, in a test suite as the author of a bot has it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import poebook as fp


class Orrery(fp.PoeBot):
    async def get_settings(self, setting):
        return fp.SettingsResponse(server_bot_dependencies={"moon": 1, "GPT-5": 2})

    async def get_response(self, request):
        await self.authorize_cost(request, fp.CostItem(amount_usd_milli_cents=12))
        async for part in fp.stream_request(request, "moon", request.access_key):
            yield part
        yield await fp.get_final_response(request, "GPT-5", request.access_key)


class Moon(fp.PoeBot):
    async def get_response(self, request):
        yield "The moon is "


def test_the_orrery_asks_the_moon(local_poe):
    local_poe.add({"orrery": Orrery(), "moon": Moon()})
    local_poe.double("GPT-5", ["half full"])
    answer = local_poe.ask("orrery", "How is the moon?")
    assert answer.text == "The moon is half full"
    assert [entry.amount for entry in local_poe.ledger] == [12]


def test_scripts_find_it_by_the_environment(local_poe):
    local_poe.add(Moon)
    assert fp.Conversation("Moon").ask("hi").text == "The moon is "


def test_each_test_has_one_of_its_own(local_poe):
    assert local_poe.names == []
"""


def test_bots_are_tested_with_the_fixture(tmp_path: Path) -> None:
    (tmp_path / "test_orrery.py").write_text(SUITE)
    command = [sys.executable, "-m", "pytest", "-p", "poebook.pytest", "-p", "no:cacheprovider", "-q"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_pytest_finds_the_plugin_by_itself() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"poebook.pytest": "poebook.pytest"}
