"""Files of bots."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime.service.running import BOTS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with ``bots.py``."""
    (tmp_path / "bots.py").write_text(BOTS)
    return tmp_path
