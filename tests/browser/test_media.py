"""Pictures, sounds and films of other hosts: asked for when somebody wants them, and without saying from where."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import scenes
from tests.browser.scenes import Stage, staged

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"
)


HOST = "https://files.example.org"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenes.write(tmp_path_factory.mktemp("media"))


@pytest.fixture
def stage(browser: Browser, pages: Path) -> Iterator[Stage]:
    with staged(browser, pages) as one:
        one.open("")
        one.hosts = {f"{HOST}/{name}.png": (_PIXEL, "image/png") for name in "abc"}
        one.hosts |= {f"{HOST}/a.mp3": (b"", "audio/mpeg"), f"{HOST}/a.mp4": (b"", "video/mp4")}
        yield one
        assert one.asked == []


def asked(stage: Stage) -> list[str]:
    """What was asked of the other host, in order of the alphabet; it heard no referrer."""
    assert not any("referer" in one for one in stage.heard)
    return sorted(one["url"].removeprefix(HOST) for one in stage.heard)


def answered(stage: Stage, text: str, files: list[dict[str, Any]], options: dict[str, Any] | None = None) -> None:
    """Show one answer of *text* with *files*."""
    scene = stage.page.evaluate("structuredClone(SCENES.media)")
    answer = scene["chat"]["turns"][0]["answers"][0]
    answer["text"], answer["files"] = text, files
    stage.show("answered", {**scene, "options": options or {}})


def file(name: str, content_type: str, inline_ref: str | None = None) -> dict[str, Any]:
    return {"url": f"{HOST}/{name}", "name": name, "content_type": content_type, "inline_ref": inline_ref}


def test_a_picture_is_fetched_after_a_click_and_its_host_hears_no_referrer(stage: Stage) -> None:
    answered(stage, f"![A square]({HOST}/a.png) and ![b][r1]", [file("b.png", "image/png", "r1")])
    assert asked(stage) == []
    stage.page.get_by_role("button", name="Load image from").first.click()
    expect(stage.page.get_by_role("img", name="A square")).to_have_js_property("naturalWidth", 10)
    assert asked(stage) == ["/a.png"]
    expect(stage.page.get_by_role("button", name="Load image from")).to_have_count(1)


def test_pictures_are_shown_at_once_where_whoever_made_the_chat_wants_it(stage: Stage) -> None:
    answered(stage, f"![A square]({HOST}/a.png)", [file("c.png", "image/png")], {"load_images": True})
    expect(stage.page.get_by_role("img", name="A square")).to_have_js_property("naturalWidth", 10)
    expect(stage.page.get_by_role("img", name="Picture c.png")).to_have_js_property("naturalWidth", 10)
    assert asked(stage) == ["/a.png", "/c.png"]


@pytest.mark.parametrize(
    ("name", "content_type", "tag"), [("a.mp3", "audio/mpeg", "audio"), ("a.mp4", "video/mp4", "video")]
)
def test_a_player_asks_its_host_when_it_is_started(stage: Stage, name: str, content_type: str, tag: str) -> None:
    answered(stage, "Listen.", [file(name, content_type)])
    player = stage.page.frame_locator(f"iframe[title='{name}']").locator(tag)
    expect(player).to_have_attribute("preload", "none")
    assert player.evaluate("one => one.controls")
    assert asked(stage) == []
    with stage.page.expect_request(lambda request: request.url.endswith(name)):
        player.evaluate("one => { one.play().catch(() => undefined) }")
    player.evaluate("one => new Promise((done) => { if (one.error) done(); else one.onerror = () => done(); })")
    assert set(asked(stage)) == {f"/{name}"}


def test_other_files_are_names_to_click(stage: Stage) -> None:
    answered(stage, "The table ![it][r1].", [file("a.csv", "text/csv", "r1"), file("b\u202efdp.exe", "text/csv")])
    link = stage.page.get_by_role("link", name="a.csv")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(stage.page.get_by_role("link", name="bfdp.exe")).to_be_visible()
    assert asked(stage) == []


def test_a_page_that_is_not_careful_does_tell(stage: Stage) -> None:
    """What the other tests look for is there where it is to be expected."""
    stage.page.evaluate(
        "url => new Promise((done) => { const one = new Image(); one.onload = done; one.src = url; })", f"{HOST}/a.png"
    )
    assert "referer" in stage.heard[0]
