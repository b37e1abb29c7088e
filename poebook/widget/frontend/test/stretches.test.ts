import assert from "node:assert/strict";
import { test } from "node:test";
import { h, type Child, type VNode } from "../src/dom/vnode.ts";
import { Stretches } from "../src/markdown/stretches.ts";

const paragraphs = (count: number): Child[] => Array.from({ length: count }, (_, at) => h("p", {}, `${at}`));
const flat = (children: readonly Child[]): Child[] =>
  children.flatMap((one) => (typeof one !== "string" && one.attrs["class"] === "pb-stretch" ? one.children : [one]));

test("a short text has no stretches", () => {
  const blocks = paragraphs(30);
  assert.deepEqual(new Stretches().of(blocks), blocks);
});

test("every block of a long text is there, in order", () => {
  for (const count of [31, 54, 55, 56, 200]) {
    const blocks = paragraphs(count);
    const shown = new Stretches().of(blocks);
    assert.deepEqual(flat(shown), blocks);
    assert.ok(shown.length <= 30 + Math.ceil((count - 30) / 24));
  }
});

test("a block that was shown stays in its place while the text grows, and a full stretch stays the same", () => {
  const blocks = paragraphs(300);
  const stretches = new Stretches();
  const places = new Map<Child, string>();
  let full: Child | undefined;
  for (let count = 1; count <= blocks.length; count++) {
    const shown = stretches.of(blocks.slice(0, count));
    full ??= count > 60 ? shown[30] : undefined;
    if (full) assert.equal(shown[30], full);
    shown.forEach((one, at) => {
      for (const block of flat([one])) {
        const place = `${at}`;
        assert.equal(places.get(block) ?? place, place);
        places.set(block, place);
      }
    });
  }
});

test("a stretch begins with a plain paragraph that follows no heading", () => {
  const blocks = Array.from({ length: 200 }, (_, at) => h(["h4", "p", "ul", "p", "div"][at % 5]!, {}, `${at}`));
  for (const one of new Stretches().of(blocks) as VNode[]) {
    if (one.attrs["class"] !== "pb-stretch") continue;
    const first = blocks.indexOf(one.children[0] as VNode);
    assert.equal(blocks[first]!.tag, "p");
    assert.notEqual(blocks[first - 1]!.tag, "h4");
  }
});

test("where no stretch can begin, blocks stand alone", () => {
  const lists = Array.from({ length: 100 }, () => h("ul", {}, "one"));
  assert.deepEqual(new Stretches().of(lists), lists);
});
