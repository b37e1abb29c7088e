"""The chat's states as a page from files: no kernel, no network; what is asked of another host is refused and noted."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, Route

FRONTEND = Path(__file__).resolve().parents[2] / "poebook" / "widget" / "frontend"
ORIGIN = "http://scenes.test"
PATIENCE = 20_000  # milliseconds; a wait ends with its condition
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, Theme] = ("light", "dark")

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_WHOLE = ".poebook .pb-log { max-height: none !important }"


def write(folder: Path) -> Path:
    """Build the page into *folder*; raises with what the build says when it fails."""
    built = subprocess.run(
        ["node", "scripts/scenes.mjs", str(folder)], cwd=FRONTEND, capture_output=True, text=True, timeout=120
    )
    assert built.returncode == 0, built.stderr
    return folder


class Stage:
    """A page on which scenes are shown."""

    def __init__(self, page: Page, files: Path) -> None:
        self.page = page
        self.asked: list[str] = []  # addresses of other hosts
        self.errors: list[str] = []  # of the console
        self.hosts: dict[str, tuple[bytes, str]] = {}  # addresses that are answered, each with a body and its type
        self.heard: list[dict[str, str]] = []  # what those were told: headers, and the address as "url"
        self._files = files
        page.route("**/*", self._answer)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, *names: str, theme: Theme = "light", width: int | None = None, whole: bool = False) -> None:
        """Load the page with the scenes *names* (none: an empty stage); *whole*: transcripts at their full height."""
        query = f"scene={','.join(names)}&theme={theme}" + (f"&width={width}" if width else "")
        self.page.goto(f"{ORIGIN}/?{query}")
        self.page.locator("body[data-ready]").wait_for(timeout=PATIENCE)
        if whole:
            self.page.add_style_tag(content=_WHOLE)

    def names(self) -> list[str]:
        """What scenes there are."""
        names: list[str] = self.page.evaluate("Object.keys(SCENES)")
        return names

    def show(self, name: str, scene: dict[str, Any] | None = None, width: int | None = None) -> None:
        """Show a scene by its name, or *scene* under that name, alone on the stage."""
        self.page.evaluate(
            "async ([name, scene, width]) => {"
            " clear();"
            " await show(name, scene ?? SCENES[name], width ?? undefined);"
            " await settled(); }",
            [name, scene, width],
        )

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if url in self.hosts:
            body, content_type = self.hosts[url]
            self.heard.append({"url": url, **route.request.all_headers()})
            route.fulfill(body=body, content_type=content_type)
            return
        if not url.startswith(f"{ORIGIN}/"):
            self.asked.append(url)
            route.abort()
            return
        name = url.removeprefix(f"{ORIGIN}/").split("?")[0] or "index.html"
        path = self._files / name
        if path.is_file():
            route.fulfill(body=path.read_bytes(), content_type=f"{_TYPES[path.suffix]}; charset=utf-8")
        else:
            route.fulfill(status=204)  # the page's icon

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "ERR_FAILED" not in message.text:
            self.errors.append(message.text)


@contextmanager
def staged(browser: Browser, files: Path, *, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Stage]:
    """A stage of that size in CSS pixels; *options* are those of the browser's context."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(PATIENCE)
    try:
        yield Stage(context.new_page(), files)
    finally:
        context.close()
