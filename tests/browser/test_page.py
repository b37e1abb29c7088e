"""A conversation as one page of HTML, opened as a file: it is read by everybody, runs nothing and asks for nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import poebook as fp
from tests.browser.scenes import FRONTEND, THEMES, Theme

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(__file__).resolve().parents[2] / ".poebook-tests" / "pictures"
HOSTILE: dict[str, list[str]] = json.loads((Path(__file__).parents[1] / "hostile.json").read_text(encoding="utf-8"))

ANSWER = """\
Oslo gains **an hour and three quarters** of daylight in January, says [the almanac](https://example.org).

## Day length

| Date | Day length | Gain |
|---|---:|---:|
| 1 January | 5 h 43 min | |
| 11 January | 6 h 08 min | 25 min |

```python
def day_length(latitude, day): return 24 / pi * acos(max(-1.0, min(1.0, tan(latitude) * tan(tilt(day)))))  # hours
```

1. `tilt` is where the sun stands
2. ~~refraction~~ is left out

> - [x] checked
"""


class Almanac(fp.PoeBot):
    """Answers as written above, or fails."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        yield fp.PartialResponse(text=ANSWER)
        if request.query[-1].content == "And Lisbon?":
            yield fp.ErrorResponse(text="The tables of Lisbon are being copied.", allow_retry=True)


class Repeating(fp.PoeBot):
    """Says what it is asked."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        yield fp.PartialResponse(text=request.query[-1].content)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of a conversation with two bots."""
    conversation = fp.Conversation(Almanac(), Almanac())
    conversation.ask("How long is the day in Oslo?")
    conversation.ask("And Lisbon?")
    file = tmp_path_factory.mktemp("page") / "almanac.html"
    conversation.save_html(file)
    return file


@contextmanager
def opened(browser: Browser, file: Path, **options: Any) -> Iterator[Page]:
    """The page as a browser shows it; that it asks for anything, or complains, is refused."""
    context = browser.new_context(**options)
    try:
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(file.as_uri())
        yield page
        assert asked == [file.as_uri()]
        assert said == []
    finally:
        context.close()


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(browser: Browser, talk: Path, theme: Theme) -> None:
    with opened(browser, talk, color_scheme=theme, bypass_csp=True) as page:
        page.screenshot(path=PICTURES / f"page-{theme}.png", full_page=True)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
        assert [f"{one['id']}: {one['nodes'][0]['target']}" for one in found] == []


def test_a_reader_finds_questions_and_answers(browser: Browser, talk: Path) -> None:
    with opened(browser, talk) as page:
        expect(page).to_have_title("Conversation with Almanac and Almanac 2")
        expect(page.get_by_role("article", name="You")).to_have_text(
            ["YouHow long is the day in Oslo?", "YouAnd Lisbon?"]
        )
        expect(page.get_by_role("article", name="Almanac 2").last).to_contain_text(
            "The tables of Lisbon are being copied."
        )
        left, right = (page.get_by_role("article", name=name, exact=True).first for name in ("Almanac", "Almanac 2"))
        a, b = left.bounding_box(), right.bounding_box()
        assert a is not None
        assert b is not None
        assert a["x"] + a["width"] <= b["x"] + 1


@pytest.mark.parametrize("width", [1280, 560, 320])
def test_nothing_is_wider_than_the_window(browser: Browser, talk: Path, width: int) -> None:
    with opened(browser, talk, viewport={"width": width, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_strings_do_nothing(browser: Browser, tmp_path: Path) -> None:
    conversation = fp.Conversation(Repeating())
    for texts in HOSTILE.values():
        for text in texts:
            conversation.ask(text or "nothing")
    conversation.save_html(tmp_path / "hostile.html")
    with opened(browser, tmp_path / "hostile.html") as page:
        assert page.locator("script, iframe, object, embed, form, svg, link, base").count() == 0
        assert page.locator("main > section").count() == sum(map(len, HOSTILE.values()))
        for link in page.get_by_role("link").all():
            assert (link.get_attribute("href") or "").split(":")[0].lower() in ("http", "https", "mailto")
