"""What happens in a part of a page, as an animated picture: what changed, at the times at which it did."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator

EVERY = 0.1  # seconds between two looks
SHARPNESS = 1.5  # pixels of the film for each of the page
PATIENCE = 30.0
LONGEST = 10.0  # seconds that somebody looks at it
LARGEST = 600_000  # bytes


@dataclass(frozen=True)
class Frame:
    """What was seen, and since when."""

    image: Image.Image
    at: float


class Film:
    """Looks at *part*, which stays where it is, as long as things are done through it."""

    def __init__(self, part: Locator) -> None:
        self._page = part.page
        self._session = self._page.context.new_cdp_session(self._page)
        box = part.bounding_box()
        assert box is not None, "What is to be recorded cannot be seen."
        self._asked = {"format": "png", "optimizeForSpeed": True, "clip": {**box, "scale": SHARPNESS}}
        self._next = 0.0
        self.frames: list[Frame] = []

    def look(self) -> None:
        """Wait until it is time to look again, look, and keep what is seen where it is something new."""
        self._page.wait_for_timeout(max(0.0, self._next - time.monotonic()) * 1000)
        at = time.monotonic()
        self._next = at + EVERY
        seen = self._session.send("Page.captureScreenshot", self._asked)
        image = Image.open(BytesIO(b64decode(seen["data"]))).convert("RGB")
        if not self.frames or image.tobytes() != self.frames[-1].image.tobytes():
            self.frames.append(Frame(image, at))

    def watch(self, seconds: float) -> None:
        """Look for that long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()

    def until(self, happened: Callable[[], bool]) -> None:
        """Look until *happened*, and once more."""
        end = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end, "What is to be recorded did not happen."
            self.look()
        self.look()

    def type(self, box: Locator, text: str, *, at_once: int = 1) -> None:
        """Write *text* into *box*, *at_once* characters between two looks, and send it with Enter."""
        box.click()
        for start in range(0, len(text), at_once):
            self._page.keyboard.type(text[start : start + at_once])
            self.look()
        self.watch(0.4)
        self._page.keyboard.press("Enter")

    def keep(self, path: Path, *, rest: float) -> None:
        """Write the film to *path*, its last frame for *rest* seconds; too long or too large is refused."""
        times = [frame.at for frame in self.frames]
        lengths = [later - earlier for earlier, later in pairwise(times)] + [rest]
        assert sum(lengths) < LONGEST, f"{path.name} takes {sum(lengths):.1f} s; do less in it, or on an idler machine."
        first, *others = (frame.image for frame in self.frames)
        path.parent.mkdir(parents=True, exist_ok=True)
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=[round(length * 1000) for length in lengths],
            loop=0,
            lossless=True,
            quality=60,  # of a lossless picture: how much work goes into making it small
            method=4,  # with less it is ten times as large
            kmax=0,  # no frame but the first is kept whole
        )
        size = path.stat().st_size
        assert size < LARGEST, f"{path.name} has {size // 1000} kB; show a smaller part, or less of what moves."
