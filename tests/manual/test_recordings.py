"""The recordings are short and small, there in both themes, and shown."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageSequence, ImageStat

from tests.film import LARGEST, LONGEST
from tests.manual.__main__ import SOURCE
from tests.notebooks import tutorials
from tests.recordings import IMAGES, REST, recordings

_NAMES = [recording.name for recording in recordings()]
_FILES = [IMAGES / f"{name}-{theme}.webp" for name in _NAMES for theme in ("light", "dark")]

_SHOWN = re.compile(
    r'srcset="images/([\w-]+)-dark\.webp">\s*<img alt="[^"]{40,}"\s+src="images/\1-light\.webp">', re.DOTALL
)


def _seen(frame: Image.Image) -> tuple[int, bytes]:
    pixels = frame.convert("RGB").tobytes()  # which reads the frame, and how long it is shown
    return frame.info["duration"], pixels


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_a_recording_is_short_and_small_and_moves(path: Path) -> None:
    assert path.stat().st_size < LARGEST
    with Image.open(path) as film:
        frames = [_seen(frame) for frame in ImageSequence.Iterator(film)]
    assert len(frames) > 10
    assert sum(length for length, _ in frames) < LONGEST * 1000
    assert frames[-1][0] >= REST * 1000, "The end can be read."
    assert all(one != other for (_, one), (_, other) in pairwise(frames))


@pytest.mark.parametrize("name", _NAMES)
def test_the_dark_recording_is_dark(name: str) -> None:
    brightness = {}
    for theme in ("light", "dark"):
        with Image.open(IMAGES / f"{name}-{theme}.webp") as film:
            brightness[theme] = ImageStat.Stat(film.convert("L")).mean[0]
    assert brightness["light"] > 200
    assert brightness["dark"] < 60


def test_every_recording_is_shown_in_both_themes_and_described() -> None:
    shown = []
    for path in SOURCE.glob("*.ipynb"):
        for cell in tutorials.read(path)["cells"]:
            shown += _SHOWN.findall(cell["source"])
    assert sorted(shown) == sorted(_NAMES)
