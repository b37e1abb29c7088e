"""Hostile strings in every field, in a real browser: nothing runs, nothing connects, nothing is out of place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import scenes
from tests.browser.scenes import Stage, staged

HOSTILE: dict[str, list[str]] = json.loads((Path(__file__).parents[1] / "hostile.json").read_text(encoding="utf-8"))

# What a hostile string would do, if it could, is written down.
_WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "open", "print"]) window[name] = () => window.ran.push(name);
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenes.write(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def stage(browser: Browser, pages: Path) -> Iterator[Stage]:
    with staged(browser, pages) as one:
        one.page.add_init_script(_WATCH)
        one.page.on("dialog", lambda dialog: dialog.dismiss())
        one.open("")
        one.page.evaluate(_TOOLS)
        yield one
        assert one.page.evaluate("window.ran") == []
        assert one.asked == []
        assert one.errors == []
        assert len(one.page.context.pages) == 1


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_field_of_every_state_is_harmless(stage: Stage, kind: str) -> None:
    names = stage.names()
    found: list[str] = []
    for place, text in enumerate(HOSTILE[kind]):
        chosen = [names[(place * 3 + step) % len(names)] for step in range(3)]
        found += stage.page.evaluate("([names, text]) => poisoned(names, text)", [chosen, text])
    assert found == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_answer_that_comes_in_pieces_is_harmless_at_each(stage: Stage, kind: str) -> None:
    assert stage.page.evaluate("texts => grown(texts)", HOSTILE[kind]) == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_trace_is_harmless_in_each_of_its_tabs(stage: Stage, kind: str) -> None:
    assert stage.page.evaluate("texts => traced(texts)", HOSTILE[kind][::3]) == []


def test_the_tools_see_what_they_shall_see(stage: Stage) -> None:
    """Whoever checks must be able to fail."""
    seen = stage.page.evaluate("""
        async () => {
          await show("seen", SCENES.last);
          const text = document.querySelector(".pb-text");
          text.innerHTML = "<script>1</scr" + "ipt><b onclick='x' id='y'>z</b><a href='javascript:x'>l</a>"
            + "<div style='position:fixed;inset:0'></div>";
          return inspected("here");
        }
    """)
    assert {finding.split(": ")[1].split(" ")[0] for finding in seen} >= {"element", "attribute", "address", "covered"}


# Keys whose words the kernel chooses, so that no bot can; everything else is poisoned.
_TOOLS = r"""
const KEPT = new Set(["id", "state", "kind", "op", "feedback", "content_type", "control", "comparator", "inline_ref"]);
const poison = (value, text, key = "") => {
  if (typeof value === "string") return KEPT.has(key) ? value : text;
  if (Array.isArray(value)) return value.map((one) => poison(one, text, key));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poison(one, text, name)]));
  }
  return value;
};

const OPENED = ["Trace", "Parameters", "Settings", "Edit"];
const OPENERS = [...OPENED.map((name) => `[aria-label^="${name}"]`), "summary"].join(", ");

window.poisoned = async (names, text) => {
  clear();
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.all(names.map((name, place) => {
    const { chat, card, traces, others, ...rest } = SCENES[name];
    const scene = {
      ...rest,
      chat: poison(chat, text),
      card: poison(card, text),
      traces: traces && Object.fromEntries(Object.entries(traces).map(([id, trace]) => [id, poison(trace, text)])),
      others: others && Object.fromEntries(Object.entries(others).map(([id, turns]) => [id, poison(turns, text)])),
      act: (out) => { for (const one of out.querySelectorAll(OPENERS)) one.click(); },
    };
    return show(`hostile${place}`, scene);
  }));
  await frames();
  return inspected(`${names} with ${JSON.stringify(text.slice(0, 60))}`);
};

window.traced = async (texts) => {
  const found = [];
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const text of texts) {
    clear();
    const { chat, traces, title } = SCENES.trace;
    const trace = { ...poison(traces.a1, text), headers: { [text]: text } };
    await show("traced", { title, chat: poison(chat, text), traces: { a1: trace } });
    document.querySelector('[aria-label="Trace"]').click();
    while (!document.querySelector(".pb-time")) await frames();
    for (const tab of ["event", "request", "log", "calls"]) {
      document.querySelector(`[role="tab"][id$="-${tab}"]`).click();
      await frames();
      found.push(...inspected(`${tab} with ${JSON.stringify(text.slice(0, 60))}`));
    }
  }
  return found;
};

window.grown = async (texts) => {
  const found = [];
  const template = SCENES.streaming.chat;
  for (let from = 0; from < texts.length; from += 12) {
    clear();
    const some = texts.slice(from, from + 12);
    const kernels = await Promise.all(some.map((_, place) => {
      const turn = structuredClone(template.turns.at(-1));
      turn.answers[0].text = "";
      return show(`grown${place}`, { title: "", chat: { ...structuredClone(template), turns: [turn] } });
    }));
    for (let cut = 0; cut < 9; cut++) {
      kernels.forEach((kernel, place) => {
        const part = Math.ceil(some[place].length / 8);
        const text = some[place].slice(cut * part, (cut + 1) * part);
        const answer = kernel.chat.turns[0].answers[0];
        if (text) kernel.emit({ op: "text", id: answer.id, text, n: cut + 1 });
      });
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      found.push(...inspected(`cut ${cut} of ${from}`));
    }
  }
  return found;
};

const TAGS = new Set(
  "SCRIPT STYLE LINK META BASE OBJECT EMBED APPLET FRAME FRAMESET TEMPLATE MARQUEE DIALOG".split(" "),
);
const DEEDS = /^on|^(?:srcdoc|srcset|ping|action|formaction|background|poster|xlink:href)$/i;
const ADDRESSES = {
  href: /^(?:https?|mailto):/i,
  src: /^(?:about:blank$|blob:|data:image\/(?:png|jpe?g|gif|webp|avif|bmp);base64,)/i,
};

window.inspected = (where) => {
  const found = [];
  const say = (what, one) => found.push(`${where}: ${what} ${one.outerHTML?.slice(0, 200) ?? one}`);
  for (const root of document.querySelectorAll(".poebook")) {
    for (const one of root.querySelectorAll("*")) {
      if (TAGS.has(one.tagName.toUpperCase())) say("element", one);
      if (one.tagName === "FORM" && !one.className.includes("pb-")) say("element", one);
      for (const { name, value } of one.attributes) {
        if (DEEDS.test(name)) say("attribute", one);
        if (/^(?:id|name)$/.test(name) && !/^pb-/.test(value)) say("attribute", one);
        if (name in ADDRESSES && !ADDRESSES[name].test(value)) say("address", one);
      }
      one.dispatchEvent(new MouseEvent("mouseover", { bubbles: false }));
    }
  }
  for (const out of document.querySelectorAll(".nb-out")) {
    const box = out.querySelector(".poebook").getBoundingClientRect();
    if (box.width > out.getBoundingClientRect().width + 1) say("wide", out);
    for (const log of out.querySelectorAll(".pb-log")) {
      const many = getComputedStyle(log).overflowX === "auto" ? log.querySelector(".pb-cols").children.length : 0;
      const columns = 260 * many;
      if (log.scrollWidth > Math.max(log.clientWidth, columns) + 1) say("wide", log);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) say("wide", `${document.documentElement.scrollWidth}`);
  for (const heading of document.querySelectorAll(".nb-case > h3")) {
    heading.scrollIntoView({ block: "center" });
    const { left, top, height } = heading.getBoundingClientRect();
    const there = document.elementFromPoint(left + 4, top + height / 2);
    if (there && there !== heading && !heading.contains(there)) say("covered", there);
  }
  return [...new Set(found)].slice(0, 5);
};
"""
