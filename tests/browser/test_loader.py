"""The small module of each chat finds the program that draws chats, in whichever way a front end has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from poebook.widget.parts import STATIC

_TOOLS = """
window.asked = [];
const loader = async () => {
  const url = URL.createObjectURL(new Blob([FILES["loader.js"]], { type: "text/javascript" }));
  return (await import(url)).default;
};
window.model = (id, manager) => {
  const ears = [];
  const state = { chat_id: id, program: "shared", version: "1" };
  return {
    get: (name) => state[name],
    on: (_, ear) => ears.push(ear),
    off: (_, ear) => ears.includes(ear) && ears.splice(ears.indexOf(ear), 1),
    send: (message) => {
      if (message.kind !== "part") return;
      asked.push(message.name);
      const text = FILES[{ chat: "chat.js", style: "chat.css" }[message.name]];
      const code = new DataView(new TextEncoder().encode(text).buffer);
      setTimeout(() => [...ears].forEach((ear) => ear({ kind: "part", name: message.name }, [code])));
    },
    widget_manager: manager,
  };
};
window.manager = { get_model: async (id) => {
  asked.push(id);
  return { get: (name) => FILES[{ code: "chat.js", style: "chat.css" }[name]] };
} };
window.shown = async (id, manager, place = document.body) => {
  const el = place.appendChild(document.createElement("div"));
  const context = { model: model(id, manager), el };
  const one = await loader();
  await one.initialize(context);
  const remove = await one.render(context);
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const frame = getComputedStyle(el.querySelector(".poebook")).containerType;
  return { remove, frame, styled: frame === "inline-size" };
};
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    files = {name: (STATIC / name).read_text(encoding="utf-8") for name in ("loader.js", "chat.js", "chat.css")}
    page.set_content("<body></body>")
    page.evaluate("files => { window.FILES = files; }", files)
    page.add_script_tag(content=_TOOLS)
    yield page
    page.close()
    assert said == []


def test_chats_of_one_page_load_the_program_once(page: Page) -> None:
    both = "async () => [await shown('w-1', manager), await shown('w-2', manager)].map((one) => one.styled)"
    assert page.evaluate(both) == [True, True]
    assert page.evaluate("asked") == ["shared"]
    assert page.evaluate("document.querySelectorAll('head style').length") == 1


def test_where_models_are_kept_apart_it_is_asked_of_the_kernel(page: Page) -> None:
    assert page.evaluate("async () => (await shown('w-1', undefined)).styled")
    assert page.evaluate("asked.sort()") == ["chat", "style"]


def test_a_manager_without_the_model_is_no_obstacle(page: Page) -> None:
    broken = "{ get_model: async () => { throw new Error('widget model not found'); } }"
    assert page.evaluate(f"async () => (await shown('w-1', {broken})).styled")
    assert page.evaluate("asked.sort()") == ["chat", "style"]


def test_in_a_shadow_the_style_comes_along(page: Page) -> None:
    in_shadow = """async () => {
      const host = document.body.appendChild(document.createElement("div"));
      const inside = host.attachShadow({ mode: "open" }).appendChild(document.createElement("div"));
      return (await shown("w-1", manager, inside)).styled;
    }"""
    assert page.evaluate(in_shadow)


def test_a_chat_leaves_the_page_when_its_view_does(page: Page) -> None:
    assert page.evaluate("async () => { (await shown('w-1', manager)).remove(); }") is None
    assert page.evaluate("document.querySelectorAll('.poebook').length") == 0
