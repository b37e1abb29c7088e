/** A text that grows ends as if it had come at once, and what is finished is never made again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { VNode } from "../src/dom/vnode.ts";
import type { Show } from "../src/markdown/inline.ts";
import { mend } from "../src/markdown/tail.ts";
import { GrowingText } from "../src/markdown/text.ts";
import { LONG, OSLO } from "../dev/scenes.ts";
import { outline } from "./outline.ts";

const show: Show = { paint: () => null, math: () => null, loaded: () => false };
const TEXTS = [
  OSLO,
  LONG,
  "a\r\n\r\nb\r\n- c\r\n",
  "- a\n\n- b\n\n  c\n\nd",
  "```\nnever closed",
  "a\n===\nb\n---\nc",
  "> a\n> b\n\n1. c\n\n   d\n2. e",
  "| a | b |\n|---|---|\n| c | d |\n\nafter",
  "````\n```\n````\nx",
  "<div>\n\nx\n\n</div>",
  "    indented\n\n    code\n\ntext",
  "See [the article][1] and [2].\n\nMore.\n\n[1]: https://example.org/a-long-address \"Title\"\n[2]: https://example.org/two\n\nEnd.",
  "See [the article][1].\n\n- x\n\n[1]: https://example.org/last",
  "Noon[^1] moves.\n[^1]: By minutes,\nnot hours.\n[^2]: Never.\n\nEnd.",
  "A picture ![a](https://example.org/a.png =40x30) of noon.",
  `${"- item\n".repeat(130)}\nafter`,
  `${Array.from({ length: 130 }, (_, i) => `${i + 3}. item ${i}\n`).join("")}\n\n1. another\n`,
  `before\n\n${"1. loose *item*\n\n".repeat(75)}end`,
  "😀 **fett** и *курсив*",
];

for (const text of TEXTS) {
  test(`grown in every step it is the same: ${JSON.stringify(text.slice(0, 30))}`, () => {
    const whole = outline(new GrowingText(show).blocks(text, false));
    for (const step of [1, 3, 7, 50]) {
      const growing = new GrowingText(show);
      for (let end = step; end < text.length; end += step) growing.blocks(text.slice(0, end), true);
      assert.equal(outline(growing.blocks(text, false)), whole);
    }
  });
}

test("a finished block keeps its identity", () => {
  const growing = new GrowingText(show);
  const before = growing.blocks("a\n\nb\n\nc", true);
  const after = growing.blocks("a\n\nb\n\nc d", true);
  assert.equal(after[0], before[0]);
  assert.equal(after[1], before[1]);
});

test("a text that is replaced is read anew", () => {
  const growing = new GrowingText(show);
  growing.blocks("a\n\nb\n\nc", true);
  assert.equal(outline(growing.blocks("x", false)), "<p>x</p>");
});

test("the caret stands behind the last word, within its block", () => {
  const last = (text: string) => {
    let at = new GrowingText(show).blocks(text, true).at(-1) as VNode;
    const path = [at.tag];
    while (at.attrs["class"] !== "pb-caret") path.push((at = at.children.at(-1) as VNode).tag);
    return path.join(" ");
  };
  assert.equal(last("a"), "p span");
  assert.equal(last("- a\n- b"), "ul li span");
  assert.equal(last("```py\na"), "div pre code span");
  assert.equal(last(""), "p span");
});

const MENDED: [string, string][] = [
  ["a **b", "a **b**"],
  ["a **b*", "a **b**"],
  ["a **", "a "],
  ["a *b", "a *b*"],
  ["***a", "***a***"],
  ["a `b", "a `b`"],
  ["a `", "a "],
  ["a ~~b", "a ~~b~~"],
  ["2 * 3", "2 * 3"],
  ["snake_case", "snake_case"],
  ["_a", "_a_"],
  ["`**` and", "`**` and"],
  ["\\*a", "\\*a"],
  ["a [b", "a b"],
  ["a [b](https://exa", "a b"],
  ["a ![b](https://exa", "a "],
  ["a [b](https://x) c", "a [b](https://x) c"],
  ["`[a", "`[a`"],
  ["text\n-", "text"],
  ["text\n==", "text"],
  ["text\n``", "text"],
  ["text\n```py", "text"],
  ["| a | b", ""],
  ["1.", ""],
  ["#", ""],
  ["**a** b", "**a** b"],
];

for (const [half, whole] of MENDED) {
  test(`${JSON.stringify(half)} is shown as ${JSON.stringify(whole)} while it comes`, () => assert.equal(mend(half), whole));
}

test("code that is open is coloured, a long one only when it is closed", () => {
  const painted: number[] = [];
  const growing = new GrowingText({ ...show, paint: (code) => (painted.push(code.length), null) });
  growing.blocks("```python\nx = 1", true);
  assert.deepEqual(painted, [5]);
  growing.blocks("```python\n" + "x = 1\n".repeat(2000), true);
  assert.deepEqual(painted, [5]);
});

test("a long list is finished a piece at a time, and counts on", () => {
  const growing = new GrowingText(show);
  const text = Array.from({ length: 130 }, (_, i) => `${i + 1}. item\n`).join("");
  const before = growing.blocks(text, true);
  const after = growing.blocks(`${text}131. item\n`, true);
  assert.equal(after[0], before[0]);
  assert.deepEqual(after.map((one) => (one as VNode).attrs["start"]), [undefined, "51", "101"]);
});
