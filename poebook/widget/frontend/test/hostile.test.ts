/** Whatever a bot says, in whatever pieces it comes: known elements with known attributes, and addresses that are safe. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aTarget, done, fresh } from "../dev/make.ts";
import { CARD } from "../dev/scenes.ts";
import type { Child } from "../src/dom/vnode.ts";
import type { Show } from "../src/markdown/inline.ts";
import { GrowingText } from "../src/markdown/text.ts";
import typeset from "../src/math.ts";
import { card } from "../src/view/card.ts";
import { failure } from "../src/view/failure.ts";
import { files } from "../src/view/files.ts";
import { formula } from "../src/view/typeset.ts";
import { outline, parts } from "./outline.ts";

const HOSTILE = JSON.parse(readFileSync(join(process.env["FRONTEND"] ?? ".", "../../../tests/hostile.json"), "utf8")) as Record<string, string[]>;

const TAGS = new Set(
  ("p h4 h5 h6 ul ol li blockquote hr br table thead tbody tr th td div header footer section span pre code strong em del a button img input svg path rect circle g " +
    "b i u s ins sub sup kbd mark small bdi h3 dl dt dd label details summary figure figcaption iframe " +
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup msubsup munder mover munderover mtable mtr mtd").split(" "),
);
const ADDRESS: Record<string, RegExp> = {
  href: /^(?:https?|mailto):/i,
  src: /^(?:https?:|about:blank$|data:image\/(?:png|jpe?g|gif|webp|avif|bmp);base64,[a-z0-9+/=\s]*$)/i,
};
/** Attributes whose value may be anything, as nothing is made of it but words. */
const WORDS = new Set(["title", "alt", "aria-label", "value", "data-src"]);
const FIXED = /^(?:class|type|role|tabindex|target|rel|dir|start|disabled|checked|readonly|width|height|referrerpolicy|decoding|data-do|data-state|aria-[a-z]+|viewBox|d|[xy]|rx|r|c[xy]|fill|transform|display|displaystyle|scriptlevel|mathvariant|stretchy|fence|separator|symmetric|largeop|movablelimits|accent|accentunder|form|[lr]space|m(?:in|ax)size|mathsize|linethickness|depth|voffset|mathcolor|mathbackground|columnspan|rowspan)$/;
const OURS = /^[\w .:;,#%()+/-]*$/;

function check(children: readonly Child[], listens = false): void {
  for (const { tag, attrs, on } of parts(children)) {
    const said = () => outline(children).slice(0, 400);
    assert.ok(TAGS.has(tag), `<${tag}> in ${said()}`);
    if (!listens) assert.ok(on === null || tag === "iframe", said());
    for (const [name, value] of Object.entries(attrs)) {
      const address = ADDRESS[name];
      if (address) assert.match(value, address);
      else if (!WORDS.has(name)) {
        assert.match(name, FIXED, said());
        assert.match(value, OURS, `${name} in ${said()}`);
      }
    }
  }
}

const shown = (loaded: boolean): Show => ({
  paint: () => null,
  math: (tex, display) => {
    const pieces = typeset(tex, display);
    return pieces && formula(pieces, display);
  },
  loaded: () => loaded,
});

for (const [kind, texts] of Object.entries(HOSTILE)) {
  test(`${kind}: an answer of it is harmless, whole`, () => {
    for (const text of texts) for (const loaded of [false, true]) check(new GrowingText(shown(loaded)).blocks(text, false));
  });

  test(`${kind}: an answer of it is harmless in every cutting`, () => {
    for (const text of texts) {
      const growing = new GrowingText(shown(false));
      const step = Math.ceil(text.length / 80);
      for (let end = 1; end <= text.length; end += step) check(growing.blocks(text.slice(0, end), true));
      check(growing.blocks(text, false));
    }
  });

  test(`${kind}: within other blocks it is harmless too`, () => {
    for (const text of texts) {
      for (const around of [`a ${text} b`, `- ${text}`, `> ${text}`, `# ${text}`, `| ${text} |\n|---|`, `**${text}**`, `[${text}](${text})`, `![${text}](${text} "${text}")`, `[^1]: ${text}`, `$${text}$`, `<b>${text}</b>`]) {
        check(new GrowingText(shown(true)).blocks(around, false));
      }
    }
  });

  test(`${kind}: files, errors and the card are harmless with it`, () => {
    const deeds = { regenerate: () => undefined } as never;
    for (const text of texts) {
      for (const content_type of ["image/png", "audio/mpeg", "video/mp4", text]) {
        for (const loaded of [false, true]) {
          const drawn = files(done("a", "", { files: [{ url: text, name: text, content_type, inline_ref: null }] }), () => loaded);
          if (drawn) check([drawn]);
        }
      }
      const error = { title: text, text, allow_retry: true, fault: { summary: text, cell: 1, line: 2, traceback: text } };
      const around = { target: aTarget(text), last: true, live: true, deeds } as never;
      check([failure(fresh("a", 0, { state: "error", error }), error, around)], true);
      const how = { live: true, copied: null, byHand: text, copy() {}, copyKey() {}, leaveByHand() {} };
      const pushed = { ok: false, says: text, at: text };
      const told = { at: text, until: text, trouble: text, warning: text, register_at: text, name: text, heard: text, pushed };
      const world = { via: text, checks: [{ says: text, figure: text }], secret: false, ...told };
      const shown = { name: text, url: text, public_url: text, word: text, since: text, obstacle: text, world };
      check(card({ ...CARD, ...shown }, how as never), true);
    }
  });
}

test("nothing takes long to read, however large and odd it is", () => {
  for (const text of HOSTILE["size"]!) {
    const large = text.repeat(Math.ceil(20000 / text.length));
    const began = performance.now();
    new GrowingText(shown(false)).blocks(large, true);
    new GrowingText(shown(false)).blocks(large, false);
    const took = performance.now() - began;
    assert.ok(took < 1500, `${text.slice(0, 20)} took ${Math.round(took)} ms`);
  }
});
