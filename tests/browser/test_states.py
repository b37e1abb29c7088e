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
  const sideways = (one) => one.matches(".pb-many") && getComputedStyle(one).overflowX === "auto";
  const holds = (one) => getComputedStyle(one).overflowX !== "visible" && (!one.matches(".pb-log") || sideways(one));
  const held = (one) => {
    for (let at = one.parentElement; at && at !== root; at = at.parentElement) if (holds(at)) return true;
    return false;
  };
  const out = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.right > own.right + 1 || box.left < own.left - 1);
  };
  const wide = [...root.querySelectorAll("*")].filter((one) => out(one) && !held(one));
  const columns = (one) => (sideways(one) ? 260 * one.querySelectorAll(".pb-cols:last-of-type > article").length : 0);
  const logs = [...root.querySelectorAll(".pb-log")].filter(
    (one) => one.scrollWidth > Math.max(one.clientWidth, columns(one)) + 1,
  );
  return [...wide, ...logs].map((one) => `${one.tagName} ${one.getAttribute("class")} ${one.textContent.slice(0, 40)}`);
})
"""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [1280, 700, 380])
def test_whose_column_it_is_stays_in_view_further_down_a_long_answer(stage: Stage, width: int, theme: Theme) -> None:
    stage.open(theme=theme)
    stage.show("sixlong", width=width)
    at = stage.page.evaluate(_AT_THE_TOP)
    assert at["scrolled"] > 300
    assert at["names"], "no column is in view"
    assert at["seen"] == at["names"]
    assert at["through"] == []


def test_heads_and_what_is_read_stay_where_they_are_while_columns_grow(stage: Stage) -> None:
    stage.open()
    stage.show("sixlong")
    before = stage.page.evaluate(_AT_THE_TOP)
    kernel = "show('grows', SCENES.sixlong)"
    assert stage.page.evaluate(_GROWN.format(kernel=kernel)) == []
    assert before["tops"] == stage.page.evaluate(_AT_THE_TOP)["tops"]


def test_questions_stay_where_they_are_when_many_columns_scroll_sideways(stage: Stage) -> None:
    stage.open(whole=True)
    stage.show("six")
    question = stage.page.get_by_role("article", name="You")
    before = question.bounding_box()
    stage.page.locator(".pb-log").evaluate("log => log.scrollTo({ left: 200 })")
    column = stage.page.get_by_role("article", name="almanac", exact=True).bounding_box()
    assert column is not None
    assert column["x"] < 0
    assert question.bounding_box() == before


# The columns in view, with who is seen at the upper edge of each, and what shows through the heads.
_AT_THE_TOP = """
() => {
  const log = document.querySelector(".pb-log");
  const edge = log.getBoundingClientRect();
  const heads = [...log.querySelectorAll(".pb-cols")].at(-1).querySelectorAll(".pb-colhead");
  const shown = [...heads].filter((one) => {
    const { left, right } = one.getBoundingClientRect();
    return right > left && left >= edge.left - 1 && right <= edge.right + 1;
  });
  const at = (one, x, y) => document.elementFromPoint(x, y)?.closest(".pb-colhead, .pb-tabs") ?? null;
  const boxes = shown.map((one) => [one, one.getBoundingClientRect()]);
  const tabs = log.querySelector(".pb-several:last-child > .pb-tabs").getBoundingClientRect();
  const upper = edge.top + 1 + tabs.height;
  return {
    scrolled: log.scrollTop,
    names: shown.map((one) => one.closest("article").ariaLabel),
    seen: boxes.map(([one, box]) => at(one, box.left + 40, upper + 4)?.closest("article")?.ariaLabel),
    tops: boxes.map(([, box]) => box.top - edge.top),
    through: boxes.flatMap(([one, box]) =>
      [4, 20, box.height - 3].filter((y) => at(one, box.left + 20, box.top + y) !== one)
        .concat(getComputedStyle(one).backgroundColor.startsWith("rgb(") ? [] : ["not opaque"])),
  };
}
"""

# Text comes for a column further up than what is read: what moves meanwhile.
_GROWN = """
async () => {{
  clear();
  const kernel = await {kernel};
  const log = document.querySelector(".pb-log");
  const tops = () => [...log.querySelectorAll(".pb-colhead")].slice(-6).map((one) => one.getBoundingClientRect().top);
  const from = tops(), left = log.scrollLeft, moved = [];
  for (let n = 1; n <= 20; n++) {{
    kernel.emit({{ op: "text", id: "a2", text: "A line that comes later.\\n\\n", n }});
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    if (String(tops()) !== String(from) || log.scrollLeft !== left) moved.push(n);
  }}
  return moved;
}}
"""
