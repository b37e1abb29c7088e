"""The fold of a conversation's changes, against the transcripts that the page reads too."""

import json
from pathlib import Path

import pytest

from poebook.client.turns import apply

TRANSCRIPTS = sorted((Path(__file__).parent.parent / "transcripts" / "folds").glob("*.json"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_folding_a_transcript_gives_its_end(path: Path) -> None:
    transcript = json.loads(path.read_text(encoding="utf-8"))
    state = transcript["start"]
    for op in transcript["ops"]:
        apply(state, op)
    assert state == transcript["end"]


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 10
