"""Every state of the chat: nothing that assistive technology stumbles over, nothing wider than its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import scenes
from tests.browser.scenes import FRONTEND, THEMES, Stage, Theme, staged

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenes.write(tmp_path_factory.mktemp("scenes"))


@pytest.fixture
def stage(browser: Browser, pages: Path) -> Iterator[Stage]:
    with staged(browser, pages) as one:
        yield one
        assert one.asked == []
        assert one.errors == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_any_state(stage: Stage, theme: Theme) -> None:
    stage.open(theme=theme, whole=True)
    stage.page.add_script_tag(path=AXE)
    found: list[str] = []
    for name in stage.names():
        stage.show(name)
        found += [f"{name}: {finding}" for finding in _findings(stage.page)]
    assert found == []


@pytest.mark.parametrize("width", [1280, 640, 380, 300])
def test_nothing_is_wider_than_its_place(stage: Stage, width: int) -> None:
    stage.open(whole=True)
    found: list[str] = []
    for name in stage.names():
        stage.show(name, width=width if width < 1000 else None)
        found += [f"{name}: {place}" for place in stage.page.evaluate(_TOO_WIDE)]
    assert found == []


def test_what_runs_from_the_right_begins_at_the_right_in_a_wide_output(stage: Stage) -> None:
    stage.open("right", whole=True)
    text = stage.page.locator(".pb-text")
    blocks = text.locator("> [dir=rtl]")
    assert blocks.count() == 5  # a heading, a paragraph, a list, a quotation, a table
    edges = blocks.evaluate_all("nodes => nodes.map(node => Math.round(node.getBoundingClientRect().right))")
    assert set(edges) == {text.evaluate("node => Math.round(node.getBoundingClientRect().right)")}
    assert text.locator("> p:not([dir])").evaluate("node => node.getBoundingClientRect().left") < 100


def test_whoever_zooms_to_twice_the_size_reads_the_narrow_layout(browser: Browser, pages: Path) -> None:
    with staged(browser, pages, width=560, device_scale_factor=2) as stage:
        stage.open("three", whole=True)
        assert stage.page.get_by_role("tab").count() == 3
        assert stage.page.evaluate(_TOO_WIDE) == []
        assert stage.page.evaluate("document.documentElement.scrollWidth") <= 560


def test_arrows_that_follow_each_other_fast_move_by_a_tab_each(browser: Browser, pages: Path) -> None:
    with staged(browser, pages, width=560) as stage:
        stage.open("three", whole=True)
        tabs = stage.page.get_by_role("tab")
        tabs.nth(0).click()
        tabs.nth(0).evaluate(_TWO_ARROWS)
        assert tabs.nth(2).evaluate("tab => tab === document.activeElement")
        expect(tabs.nth(2)).to_have_attribute("aria-selected", "true")


_TWO_ARROWS = """
() => {
  const press = () => new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true });
  for (const _ of [1, 2]) document.activeElement.dispatchEvent(press());
}
"""


def test_where_less_motion_is_wanted_nothing_moves(browser: Browser, pages: Path) -> None:
    with staged(browser, pages, reduced_motion="reduce") as stage:
        stage.open("streaming", "errors", "waiting", whole=True)
        assert stage.page.locator(".pb-caret").count() > 0
        assert stage.page.evaluate(_MOVING) == []


def test_the_caret_is_what_moves_where_motion_is_welcome(stage: Stage) -> None:
    stage.open("streaming", whole=True)
    assert stage.page.evaluate(_MOVING) == ["pb-caret"]


def _findings(page: Page) -> list[str]:
    answer: dict[str, Any] = page.evaluate("axe.run('.nb-out', { resultTypes: ['violations'], iframes: false })")
    return [
        f"{violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


_MOVING = """
() => document.getAnimations().map((one) => one.effect.target.className)
"""

# What reaches out of the widget to a side, but for what stands in something that scrolls or is cut.
_TOO_WIDE = """
() => [...document.querySelectorAll(".poebook")].flatMap((root) => {
  const own = root.getBoundingClientRect();
  const holds = (one) => getComputedStyle(one).overflowX !== "visible" && !one.matches(".pb-log");
  const held = (one) => {
    for (let at = one.parentElement; at && at !== root; at = at.parentElement) if (holds(at)) return true;
    return false;
  };
  const out = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.right > own.right + 1 || box.left < own.left - 1);
  };
  const wide = [...root.querySelectorAll("*")].filter((one) => out(one) && !held(one));
  const logs = [...root.querySelectorAll(".pb-log")].filter((one) => one.scrollWidth > one.clientWidth + 1);
  return [...wide, ...logs].map((one) => `${one.tagName} ${one.getAttribute("class")} ${one.textContent.slice(0, 40)}`);
})
"""
