/** Formulas: which dollar signs hold one, and that nothing of a formula but known MathML reaches the page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { h } from "../src/dom/vnode.ts";
import type { Show } from "../src/markdown/inline.ts";
import { mend } from "../src/markdown/tail.ts";
import { GrowingText } from "../src/markdown/text.ts";
import typeset from "../src/math.ts";
import { formula } from "../src/view/typeset.ts";
import { outline, parts } from "./outline.ts";

const found: string[] = [];
const gathering: Show = {
  paint: () => null,
  math: (tex, display) => (found.push(display ? `[${tex.trim()}]` : `(${tex})`), h("math")),
  loaded: () => false,
};

function formulas(text: string): string[] {
  found.length = 0;
  new GrowingText(gathering).blocks(text, false);
  return [...found];
}

const FORMULAS: [string, string[]][] = [
  ["Euler: $e^{i\\pi} = -1$.", ["(e^{i\\pi} = -1)"]],
  ["$x$", ["(x)"]],
  ["$5x$ apples", ["(5x)"]],
  ["with $n$ and $m$", ["(n)", "(m)"]],
  ["$a_1$, $b_2$ and *$c_3$*", ["(a_1)", "(b_2)", "(c_3)"]],
  ["**bold $a*b*c$ too**", ["(a*b*c)"]],
  ["\\(a_b_c\\) and \\(d\\)", ["(a_b_c)", "(d)"]],
  ["\\[\nx = 1\n\\]", ["[x = 1]"]],
  ["$$\nx = 1 \\\\[4pt]\ny = 2\n$$", ["[x = 1 \\\\[4pt]\ny = 2]"]],
  ["before\n$$x^2$$\nafter", ["[x^2]"]],
  ["in a line $$x^2$$ of text", ["[x^2]"]],
  ["- item\n\n  $$\n  x\n  $$\n- $y$", ["[x]", "(y)"]],
  ["> $$x$$", ["[x]"]],
  ["| $a$ | b |\n|---|---|\n| $c$ | d |", ["(a)", "(c)"]],
  ["$\\text{speed in km per hour}$", ["(\\text{speed in km per hour})"]],
  ["$\\$5 + x$", ["(\\$5 + x)"]],
  ["($x$)", ["(x)"]],
  ["$x$-axis", ["(x)"]],
  ["# $x$", ["(x)"]],
  // none of these is a formula
  ["It costs $5.", []],
  ["From $5 to $10.", []],
  ["$5-$10, $1,000/$2,000 and $3", []],
  ["US$5 and A$7", []],
  ["Between $20 and 30$ in all", []],
  ["$HOME/$USER and $PATH", []],
  ["`$x$` and `$y$`", []],
  ["```\n$x$\n```", []],
  ["    $x$", []],
  ["\\$x\\$", []],
  ["$ x $", []],
  ["$x\ny$", []],
  ["$$ moderate, $$$ expensive", []],
  ["$$ – a fair price, $$ – nothing else", []],
  ["$$\nnever closed", []],
  ["$$\nx\n\ny\n$$", []],
  ["\\\\(x\\\\)", []],
  ["$1.5 million was paid, and 2$ more", []],
  ["a $ b $ c", []],
  ["$", []],
  ["[a](https://example.org/?$x=1&y$=2)", []],
];

for (const [text, wanted] of FORMULAS) {
  test(`${JSON.stringify(text)} holds ${wanted.length || "no"} formulas`, () => assert.deepEqual(formulas(text), wanted));
}

const HALF: [string, string][] = [
  ["so $x^2", "so "],
  ["so $", "so "],
  ["so \\(x", "so "],
  ["so \\", "so "],
  ["so\n$$\nx = ", "so\n"],
  ["so \\[ x", "so "],
  ["so $x$ is", "so $x$ is"],
  ["so $a_b$ and _c", "so $a_b$ and _c_"],
  ["it costs $5 a", "it costs $5 a"],
  ["`$x", "`$x`"],
  ["`a` $x", "`a` "],
];

for (const [half, shown] of HALF) {
  test(`${JSON.stringify(half)} is shown as ${JSON.stringify(shown)} while it comes`, () => assert.equal(mend(half), shown));
}

for (const [text] of FORMULAS) {
  test(`grown in every step ${JSON.stringify(text)} is the same`, () => {
    const whole = outline(new GrowingText(gathering).blocks(`${text}\n\nAnd more.`, false));
    const growing = new GrowingText(gathering);
    const all = `${text}\n\nAnd more.`;
    for (let end = 1; end < all.length; end++) growing.blocks(all.slice(0, end), true);
    assert.equal(outline(growing.blocks(all, false)), whole);
  });
}

const set = (tex: string, display = false) => {
  const pieces = typeset(tex, display);
  const drawn = pieces && formula(pieces, display);
  return drawn ? outline([drawn]) : null;
};

test("a formula becomes MathML", () => {
  assert.equal(set("x^2"), "<math><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>");
  assert.match(set("\\frac{a}{b}", true)!, /^<div class="pb-math"[^>]*><math display="block">.*<mfrac>/);
});

test("alphabets are letters of their own", () => {
  assert.match(set("\\mathbb{R}\\mathbf{x}\\mathcal{L}\\mathfrak{g}")!, /ℝ.*𝐱.*ℒ.*𝔤/);
});

test("aligned columns meet at the sign", () => {
  assert.match(set("\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}", true)!, /<mtd class="pb-m-right pb-m-joined">.*<mtd class="pb-m-left/);
});

test("what is no formula is shown as it was written", () => {
  for (const tex of ["\\frac{a", "\\nosuchcommand", "{".repeat(5000), "x".repeat(10_000), "\\def\\a{\\a\\a}\\a"]) assert.equal(set(tex), null, tex.slice(0, 20));
});

const TRICKS = [
  "\\href{javascript:alert(1)}{x}",
  "\\url{javascript:alert(1)}",
  "\\includegraphics{https://evil.example/x.png}",
  "\\htmlStyle{position:fixed;inset:0}{x}",
  "\\htmlClass{pb-go}{x}",
  "\\htmlId{log}{x}",
  "\\htmlData{do=copy-code}{x}",
  "\\text{<img src=x onerror=alert(1)>}",
  "\\text{</math><script>alert(1)</script>}",
  "\\kern{-9999em}x\\rule{9999em}{9999em}",
  "\\raisebox{-9999em}{x}",
  "\\color{red;background:url(https://evil.example)}x",
  "\\Huge\\Huge\\Huge x",
  "\\tag{<b>1</b>} x",
];
const ALLOWED = new Set(["div", "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mpadded", "mtable", "mtr", "mtd", "mphantom"]);

for (const tex of TRICKS) {
  test(`${JSON.stringify(tex)} does no more than a formula can`, () => {
    const pieces = typeset(tex, true);
    const drawn = pieces && formula(pieces, true);
    for (const { tag, attrs, on } of drawn ? parts([drawn]) : []) {
      assert.ok(ALLOWED.has(tag), tag);
      assert.equal(on, null);
      for (const [name, value] of Object.entries(attrs)) {
        assert.ok(!/^(?:href|src|style|id|on.*|data-.*)$/.test(name), name);
        const length = /^([+-]?[\d.]+)em$/.exec(value);
        if (length) assert.ok(Number(length[1]) >= -2 && Number(length[1]) <= 20, `${name}=${value}`);
      }
    }
  });
}

test("a part that says something else is not believed", () => {
  const drawn = formula([{ tag: "math", attrs: { onclick: "x", style: "x" }, children: [{ tag: "script", attrs: { src: "x" }, children: ["x"] }, { tag: "mi", attrs: { href: "x", class: "y" }, children: [] }] }], false);
  assert.equal(outline([drawn!]), "<math>x<mi></mi></math>");
});
