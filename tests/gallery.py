"""Pictures of every state of the chat, light and dark, wide and narrow: ``python3 -m tests gallery``.

They go to ``.poebook-tests/gallery``, with a page that shows them all beside each other.
"""

from __future__ import annotations

import html
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from tests.browser import chromium, scenes
from tests.browser.scenes import THEMES, Theme

GALLERY = Path(__file__).resolve().parents[1] / ".poebook-tests" / "gallery"
WIDTHS = (1280, 380)
_MARGINS = 96  # what the page has beside its outputs

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Every state of the chat</title>
<style>
body {{ margin: 24px; font: 14px/1.5 system-ui, sans-serif; background: #888; }}
section {{ display: grid; grid-template-columns: 2fr 2fr 1fr 1fr; gap: 16px; align-items: start; margin-bottom: 48px; }}
h2 {{ grid-column: 1 / -1; margin: 0; }}
img {{ width: 100%; }}
</style>
{sections}
</html>
"""


def draw(browser: Browser, files: Path, theme: Theme, width: int) -> dict[str, str]:
    """Take the pictures of all scenes in *theme* at *width* CSS pixels; the scenes' titles by their names."""
    with scenes.staged(browser, files, width=width + _MARGINS, height=1000) as stage:
        stage.open(theme=theme, whole=True)
        titles: dict[str, str] = {}
        for name in stage.names():
            own = stage.page.evaluate("name => SCENES[name].width ?? null", name)
            stage.show(name, width=min(width, own) if own else None)
            titles[name] = stage.page.evaluate("name => SCENES[name].title", name)
            picture = stage.page.locator(".nb-out").last
            picture.screenshot(path=GALLERY / _file(name, theme, width), animations="disabled", caret="initial")
        return titles


def _file(name: str, theme: Theme, width: int) -> str:
    return f"{name}-{theme}-{width}.png"


def main() -> None:
    """Draw every scene and print where the page with all of them is."""
    shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir(parents=True)
    titles: dict[str, str] = {}
    with TemporaryDirectory() as folder, chromium.running() as browser:
        files = scenes.write(Path(folder))
        for width in WIDTHS:
            for theme in THEMES:
                titles |= draw(browser, files, theme, width)
    sections = "\n".join(_section(name, title) for name, title in titles.items())
    (GALLERY / "index.html").write_text(_PAGE.format(sections=sections), encoding="utf-8")
    print(GALLERY / "index.html")


def _section(name: str, title: str) -> str:
    pictures = "".join(
        f'<img src="{_file(name, theme, width)}" alt="{name}, {theme}, {width} px" loading="lazy">'
        for width in WIDTHS
        for theme in THEMES
    )
    return f"<section><h2>{html.escape(title)}</h2>{pictures}</section>"


if __name__ == "__main__":
    main()
