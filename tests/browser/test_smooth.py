"""Long answers and long conversations: what is finished is left alone, and nobody waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.browser import scenes
from tests.browser.scenes import Stage, staged


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenes.write(tmp_path_factory.mktemp("smooth"))


@pytest.fixture
def stage(browser: Browser, pages: Path) -> Iterator[Stage]:
    with staged(browser, pages) as one:
        one.open("")
        one.page.evaluate(_TOOLS)
        yield one
        assert one.errors == []


class Meter:
    """Seconds that the page's main thread worked, whoever else keeps the machine busy."""

    def __init__(self, stage: Stage) -> None:
        self._session: CDPSession = stage.page.context.new_cdp_session(stage.page)
        self._session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
        self._session.send("Performance.enable")

    def read(self) -> float:
        metrics: list[dict[str, Any]] = self._session.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def test_five_hundred_messages_open_at_once_and_are_all_there(stage: Stage) -> None:
    meter = Meter(stage)
    before = meter.read()
    stage.page.evaluate("opened(250)")
    assert meter.read() - before < 0.5
    stage.page.wait_for_function("document.querySelectorAll('.pb-log > :is(article, .pb-alone)').length === 500")
    assert stage.page.locator("text=Question 0:").count() == 1
    assert stage.page.evaluate("fromEnd()") <= 32


def test_typing_does_not_feel_five_hundred_messages(stage: Stage) -> None:
    stage.page.evaluate("opened(250)")
    stage.page.wait_for_function("document.querySelectorAll('.pb-log > :is(article, .pb-alone)').length === 500")
    meter = Meter(stage)
    before = meter.read()
    stage.page.evaluate("typed(40)")
    assert (meter.read() - before) / 40 < 0.05
    assert stage.page.locator("textarea").input_value() == "x" * 40


@pytest.mark.parametrize("kind", ["mixed", "list", "formulas"])
def test_an_answer_of_a_hundred_thousand_characters_leaves_what_is_finished_alone(stage: Stage, kind: str) -> None:
    size = 100_000 if kind != "formulas" else 20_000
    told = stage.page.evaluate("([kind, size]) => grown(kind, size)", [kind, size])
    assert told["characters"] >= size
    assert told["steps"] > 50
    assert told["touched"] == []
    stage.page.wait_for_function("fromEnd() <= 32")


def test_what_shrinks_and_grows_again_is_followed_and_a_hand_is_not_held_up(stage: Stage) -> None:
    stage.page.evaluate("pulled()")
    stage.page.wait_for_function("fromEnd() <= 32")
    stage.page.locator(".pb-log").hover()
    stage.page.mouse.wheel(0, -400)
    stage.page.wait_for_function("fromEnd() > 300")
    stage.page.evaluate("frames(10)")
    assert stage.page.evaluate("fromEnd()") > 300


_TOOLS = r"""
() => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const { chat } = SCENES.streaming;
  const done = chat.turns[0];
  const PIECES = {
    mixed: done.answers[0].text + "\n\n" + SCENES.long.chat.turns[0].answers[0].text + "\n\n",
    list: "- one item of a *list* that goes on, `code` too\n",
    formulas: "The value $x_1^2 + y$ is\n\n$$\\sum_{i=0}^n i^2$$\n\n",
  };

  window.opened = async (turns) => {
    const many = Array.from({ length: turns }, (_, at) => ({
      ...done,
      id: `t${at}`,
      text: `Question ${at}: ${done.text}`,
      answers: [{ ...done.answers[0], id: `a${at}` }],
    }));
    void show("many", { title: "Many", chat: { ...chat, turns: many } });
    while (!document.body.textContent.includes(`Question ${turns - 1}:`)) await frame();
  };

  window.typed = async (times) => {
    const box = document.querySelector("textarea");
    box.focus();
    for (let at = 0; at < times; at++) {
      document.execCommand("insertText", false, "x");
      await frame();
    }
  };

  window.fromEnd = () => {
    const log = document.querySelector(".pb-log");
    return log.scrollHeight - log.clientHeight - log.scrollTop;
  };

  window.frames = async (count) => {
    for (let at = 0; at < count; at++) await frame();
  };

  // Within one frame what is shown gets short, which moves the end, and then longer than it was.
  window.pulled = async () => {
    const turn = structuredClone(chat.turns.at(-1));
    const kernel = await show("pulled", { title: "Pulled", chat: { ...chat, turns: [turn] } });
    await settled();
    const shown = document.querySelector(".pb-text");
    const log = document.querySelector(".pb-log");
    shown.style.paddingBottom = "2000px";
    kernel.emit({ op: "text", id: turn.answers[0].id, text: "\n\nAnd on.", n: 1 });
    await frames(3);
    const before = log.scrollTop;
    shown.style.paddingBottom = "0";
    if (log.scrollTop >= before) throw new Error("it did not move");
    shown.style.paddingBottom = "3000px";
    await frames(3);
  };

  // Grow an answer; whatever changes before its last three blocks is told.
  window.grown = async (kind, size) => {
    const piece = PIECES[kind];
    const text = piece.repeat(Math.ceil(size / piece.length));
    const turn = structuredClone(chat.turns.at(-1));
    turn.answers[0].text = piece;
    const kernel = await show("long", { title: "Long", chat: { ...chat, turns: [turn] } });
    await settled(); // late parts draw once again what needs them
    const shown = document.querySelector(".pb-text");
    const touched = [];
    let last = 0;
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        let block = target;
        while (block.parentNode && block.parentNode !== shown) block = block.parentNode;
        const place = [...shown.children].indexOf(block);
        if (place >= 0 && place < last - 3) touched.push(`${place} of ${shown.children.length}`);
      }
      last = shown.children.length;
    }).observe(shown, { subtree: true, childList: true, characterData: true, attributes: true });
    last = shown.children.length;
    const cut = size / 100;
    let steps = 0;
    for (let at = piece.length; at < text.length; at += cut) {
      kernel.emit({ op: "text", id: turn.answers[0].id, text: text.slice(at, at + cut), n: ++steps });
      await frame();
    }
    await frame();
    return { touched: touched.slice(0, 5), steps, characters: text.length };
  };
}
"""
