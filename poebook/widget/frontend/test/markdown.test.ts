/** Markdown as it is drawn, and everything hostile in it as text. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Show } from "../src/markdown/inline.ts";
import { GrowingText } from "../src/markdown/text.ts";
import { outline, parts } from "./outline.ts";

const show: Show = { paint: () => null, math: () => null, loaded: () => false };
const draw = (text: string, open = false, how: Show = show) => new GrowingText(how).blocks(text, open);
const html = (text: string) => outline(draw(text));

test("paragraphs, emphasis and code", () => {
  assert.equal(html("a *b* **c** `d<e`\n\nf"), "<p>a <em>b</em> <strong>c</strong> <code>d&lt;e</code></p><p>f</p>");
});

test("lists, nested and numbered from elsewhere", () => {
  assert.equal(html("3. a\n   - b\n4. c"), '<ol start="3"><li>a<ul><li>b</li></ul></li><li>c</li></ol>');
});

test("tasks have boxes that cannot be ticked", () => {
  const text = html("- [x] a\n- [ ] b");
  assert.match(text, /<li class="pb-task"><input type="checkbox" disabled="" checked="" aria-label="done"><\/input> a<\/li>/);
  assert.equal(text.match(/<input/g)!.length, 2);
});

test("tables keep their alignment", () => {
  assert.match(html("|a|b|\n|-|-:|\n|c|d|"), /<td class="pb-right">d<\/td>/);
});

test("headings begin below the notebook's own", () => {
  assert.equal(html("# a"), '<h4 class="pb-h1">a</h4>');
  assert.equal(html("#### a"), '<h6 class="pb-h3">a</h6>');
});

test("character references are the characters, in code they are not", () => {
  assert.equal(html("&copy; &#8364; &lt;b&gt; `&copy;` &nosuch;"), "<p>© € &lt;b&gt; <code>&copy;</code> &nosuch;</p>");
});

test("links open elsewhere and tell nothing of where they were", () => {
  assert.equal(html("[a](https://example.org)"), '<p><a href="https://example.org" target="_blank" rel="noopener noreferrer">a</a></p>');
});

for (const href of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "&#106;avascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//host/x", "/lab", "blob:https://x/y", " javascript:alert(1)", "javascript&colon;alert(1)"]) {
  test(`${JSON.stringify(href)} is no link`, () => {
    for (const text of [`[a](${href})`, `[a](<${href}>)`, `[a][b]\n\n[b]: ${href}`, `<${href}>`, `![a](${href})`]) {
      for (const part of parts(draw(text))) {
        assert.ok(!("href" in part.attrs) && !("src" in part.attrs), outline(draw(text)));
      }
    }
  });
}

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<a href='javascript:alert(1)' onclick=alert(1)>x</a>",
  "<b onmouseover=alert(1)>x</b>",
  "<style>*{display:none}</style>",
  "<form action=https://evil><input name=k></form>",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  "<details open ontoggle=alert(1)>",
  "<button data-do='copy-code'>x</button>",
  "<link rel=stylesheet href=https://evil>",
  "<!--><img src=x onerror=alert(1)>-->",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
  "```html\"><img src=x onerror=alert(1)>\nx\n```",
  "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
  "[x](https://a \"onmouseover=alert(1)\")",
  "# <b style='position:fixed'>x</b>",
  "<b><script>alert(1)</script></b>",
];
const TAGS = new Set(["p", "b", "a", "div", "header", "span", "button", "svg", "path", "rect", "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "h4", "blockquote", "ul", "li"]);
const ATTRS = new Set(["class", "href", "target", "rel", "title", "type", "data-do", "aria-label", "tabindex", "viewBox", "aria-hidden", "d", "x", "y", "width", "height", "rx"]);

for (const text of HOSTILE) {
  test(`${JSON.stringify(text)} is text`, () => {
    for (const open of [false, true]) {
      const drawn = draw(text, open);
      for (const { tag, attrs, on } of parts(drawn)) {
        assert.ok(TAGS.has(tag), `${tag} in ${outline(drawn)}`);
        for (const name in attrs) assert.ok(ATTRS.has(name), `${name} in ${outline(drawn)}`);
        assert.equal(on, null);
        if (tag === "button") assert.match(attrs["class"]!, /pb-icon/);
      }
    }
  });
}

test("a few plain tags count, without what is written in them", () => {
  assert.equal(html("H<sub>2</sub>O<br>x"), "<p>H<sub>2</sub>O<br></br>x</p>");
  assert.equal(html("<sub class=x>2</sub>"), "<p>&lt;sub class=x&gt;2&lt;/sub&gt;</p>");
  assert.equal(html("a <b>never closed"), "<p>a &lt;b&gt;never closed</p>");
});

test("a remote picture is a button that asks", () => {
  const text = html("![alt](https://pictures.example.org/a.png)");
  assert.match(text, /<button type="button" class="pb-btn pb-load" data-do="load-image" data-src="https:\/\/pictures.example.org\/a.png"/);
  assert.match(text, /Load image from pictures.example.org/);
  assert.doesNotMatch(text, /<img/);
});

test("a picture that somebody asked for is shown", () => {
  assert.match(outline(draw("![alt](https://p.example.org/a.png)", false, { ...show, loaded: () => true })), /<img class="pb-image" referrerpolicy="no-referrer" src="https:\/\/p.example.org\/a.png" alt="alt" decoding="async">/);
});

test("pictures that are whole in their address show, but none that could be a document", () => {
  assert.match(html("![a](data:image/png;base64,iVBORw0KGgo=)"), /<img/);
  for (const type of ["image/svg+xml", "text/html"]) assert.doesNotMatch(html(`![a](data:${type};base64,iVBORw0KGgo=)`), /<img/);
});

test("an inline reference shows the file that it names", () => {
  const text = new GrowingText({ ...show, loaded: () => true });
  text.reset([{ url: "https://f.example.org/plot.png", name: "plot.png", content_type: "image/png", inline_ref: "ref1" }]);
  assert.match(outline(text.blocks("Here: ![plot][ref1]", false)), /src="https:\/\/f.example.org\/plot.png"/);
});

const PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC";
const GIF = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

test("a picture that says how large it is keeps its place", () => {
  assert.match(html(`![a](${PIXEL})`), / width="10" height="10"/);
  assert.match(html(`![a](${GIF})`), / width="1" height="1"/);
  assert.match(html(`![a](${PIXEL} =40x30)`), / alt="a" width="40" height="30"/);
  assert.match(html(`![a](${PIXEL} "why" =40x30)`), / alt="a" title="why" width="40" height="30"/);
  assert.doesNotMatch(html("![a](data:image/png;base64,AAAA)"), /width=/);
});

const FILES = [
  { url: "https://f.example.org/a.mp3", name: "a.mp3", content_type: "audio/mpeg", inline_ref: "r1" },
  { url: "https://f.example.org/a.mp4", name: "a.mp4", content_type: "video/mp4", inline_ref: "r2" },
  { url: "https://f.example.org/a.csv", name: "a.csv", content_type: "text/csv", inline_ref: "r3" },
  { url: "javascript:alert(1)", name: "b.mp3", content_type: "audio/mpeg", inline_ref: "r4" },
];

test("a sound or a film is played where the text shows it, any other file is a name to click", () => {
  const shown = (ref: string) => {
    const text = new GrowingText(show);
    text.reset(FILES);
    return outline(text.blocks(`Here: ![it][${ref}]`, false));
  };
  assert.match(shown("r1"), /<iframe class="pb-player pb-audio" title="it" src="about:blank">/);
  assert.match(shown("r2"), /<iframe class="pb-player pb-video"/);
  assert.match(shown("r3"), /<a class="pb-chip" href="https:\/\/f.example.org\/a.csv"/);
  assert.match(shown("r4"), /<span class="pb-chip">.*b\.mp3/);
  assert.doesNotMatch(shown("r4"), /javascript/);
});

test("names that every object has are no references", () => {
  assert.equal(html("[constructor] [hasOwnProperty] [toString][constructor] ![x][valueOf]"), "<p>[constructor] [hasOwnProperty] [toString][constructor] ![x][valueOf]</p>");
});

test("notes at the foot are small paragraphs with their mark", () => {
  assert.equal(html("Noon moves[^1].\n\n[^1]: By *minutes*.\n[^b]: More."), '<p>Noon moves<sup>1</sup>.</p><p class="pb-foot" dir="auto"><sup>1</sup> By <em>minutes</em>.</p><p class="pb-foot" dir="auto"><sup>b</sup> More.</p>');
});

test("what runs from the right is laid out from the right", () => {
  assert.match(html("- \u05e9\u05dc\u05d5\u05dd"), /<ul dir="rtl">/);
  assert.match(html("| \u0645\u0631\u062d\u0628\u0627 |\n|---|\n| a |"), /<div class="pb-tablebox pb-wide" tabindex="0" dir="rtl">/);
  assert.doesNotMatch(html("- a \u05e9"), /dir=/);
});
