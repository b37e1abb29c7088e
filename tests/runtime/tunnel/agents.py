"""The stand-in agent put where pyngrok looks for ngrok's."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).with_name("agent.py")
TOKEN = "the-auth-token-of-an-account"


class Agents:
    """All runs of the stand-in agent in a test."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._log = folder / "agent.log"
        self._patch = patch
        program = folder / "agent"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {SOURCE} "$@"\n')
        program.chmod(0o755)
        config = folder / "ngrok.yml"
        config.write_text('version: "3"\n')
        patch.setenv("PYNGROK_NGROK_PATH", str(program))
        patch.setenv("STAND_IN_LOG", str(self._log))
        patch.setenv("NGROK_AUTHTOKEN", TOKEN)
        patch.setattr("pyngrok.conf.DEFAULT_NGROK_CONFIG_PATH", str(config))
        self.config = config

    def behave(self, how: str) -> None:
        self._patch.setenv("STAND_IN_AGENT", how)

    @property
    def notes(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()] if self._log.exists() else []

    @property
    def pids(self) -> list[int]:
        return [note["pid"] for note in self.notes if "pid" in note]

    @property
    def running(self) -> list[int]:
        return [pid for pid in self.pids if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
