"""The manual's pictures, light and dark: ``python3 -m tests pictures``. They go to ``notebooks/images/manual``.

Each event's picture is the conversation that its page describes, drawn by the chat itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Locator

import poebook as fp
from tests.browser import chromium, scenes
from tests.browser.scenes import THEMES, Stage, Theme
from tests.manual import running
from tests.manual.examples import EXAMPLES
from tests.manual.pages import controls
from tests.manual.pages.writing import IMAGES

_WIDTH = 760
_MARGINS = 96  # what the page has beside its outputs


@dataclass(frozen=True)
class Picture:
    """A conversation, and what is done in it before it is drawn."""

    name: str
    chat: dict[str, Any]
    act: Callable[[Locator], None] = lambda out: None


def _press(name: str) -> Callable[[Locator], None]:
    return lambda out: out.get_by_role("button", name=name, exact=True).click()


def _panel() -> dict[str, Any]:
    class Forecast(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
            yield fp.PartialResponse(text="From four o'clock on, and until the evening.")

        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            return fp.SettingsResponse(parameter_controls=controls.panel(), introduction_message="Where shall I look?")

    with fp.serve(Forecast(), "forecast") as bot:
        bot.conversation.refresh()
        bot.conversation.ask("Will it rain?")
        return dict(bot.conversation.snapshot())


def pictures() -> list[Picture]:
    """What is drawn."""
    panel = _panel()
    events = [
        Picture(f"event-{example.event}", running.conversation(example.source, "example", example.question))
        for example in EXAMPLES
    ]
    return [*events, Picture("controls", panel, _press("Parameters")), Picture("settings", panel, _press("Settings"))]


def draw(stage: Stage, picture: Picture, theme: Theme) -> Path:
    """Take the picture; its path."""
    path = IMAGES / f"{picture.name}-{theme}.png"
    stage.show(picture.name, {"title": picture.name, "chat": picture.chat}, width=_WIDTH)
    out = stage.page.locator(".nb-out").last
    picture.act(out)
    stage.page.evaluate("settled()")
    out.screenshot(path=path, animations="disabled", caret="hide")
    return path


def _all(browser: Browser, files: Path) -> None:
    drawn = pictures()
    for theme in THEMES:
        with scenes.staged(browser, files, width=_WIDTH + _MARGINS, height=1000, device_scale_factor=1.5) as stage:
            stage.open(theme=theme, whole=True)
            for picture in drawn:
                print(draw(stage, picture, theme).name, flush=True)


def main() -> None:
    """Draw all of them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, chromium.running() as browser:
        _all(browser, scenes.write(Path(folder)))


if __name__ == "__main__":
    main()
