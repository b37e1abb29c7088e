/** The page becomes what vnodes say, and what stays keeps its node. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { patch } from "../src/dom/patch.ts";
import { h } from "../src/dom/vnode.ts";

const { document } = parseHTML("<!doctype html><body></body>");
Object.assign(globalThis, { document });

const place = () => document.createElement("div") as unknown as Element;

test("text that grows keeps its node", () => {
  const root = place();
  patch(root, [h("p", {}, "a")]);
  const text = root.firstChild!.firstChild;
  patch(root, [h("p", {}, "a b")]);
  assert.equal(root.firstChild!.firstChild, text);
  assert.equal(root.textContent, "a b");
});

test("elements with a key move with it", () => {
  const root = place();
  const item = (key: string) => h("li", { key }, key);
  patch(root, ["a", "b", "c"].map(item));
  const [a, b, c] = [...root.children];
  patch(root, ["c", "a", "d"].map(item));
  assert.deepEqual([...root.children].slice(0, 2), [c, a]);
  assert.equal(b!.parentNode, null);
  assert.equal(root.textContent, "cad");
});

test("an element before others is put there without making them anew", () => {
  const root = place();
  patch(root, [h("p", {}, "b")]);
  const kept = root.firstChild;
  patch(root, [h("h4", {}, "a"), h("p", {}, "b")]);
  assert.equal(root.lastChild, kept);
  assert.equal(root.textContent, "ab");
});

test("attributes come, change and go", () => {
  const root = place();
  patch(root, [h("a", { href: "x", title: "y" })]);
  patch(root, [h("a", { href: "z", hidden: true, title: null })]);
  const link = root.firstChild as Element;
  assert.deepEqual([...link.getAttributeNames()].sort(), ["hidden", "href"]);
  assert.equal(link.getAttribute("href"), "z");
});

test("the listener of the last drawing is called, once", () => {
  const root = place();
  const heard: string[] = [];
  patch(root, [h("button", { onclick: () => heard.push("first") })]);
  patch(root, [h("button", { onclick: () => heard.push("second") })]);
  (root.firstChild as HTMLElement).click();
  patch(root, [h("button", {})]);
  (root.firstChild as HTMLElement).click();
  assert.deepEqual(heard, ["second"]);
});

test("a vnode that is the same is not looked at", () => {
  const root = place();
  const same = h("p", {}, "a");
  patch(root, [same]);
  root.firstChild!.textContent = "changed by hand";
  patch(root, [same, "b"]);
  assert.equal(root.textContent, "changed by handb");
});
