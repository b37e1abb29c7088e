/** When a copy of the conversation is put into the notebook: at once if it is short, else when it disturbs nobody. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { changed, Copies } from "../src/copies.ts";
import { Notebook } from "../src/kernel/notebook.ts";

const LONG = "x".repeat(60_000);
const html = (edition: number, text: string) => `<div class="poebook-saved mark" data-edition="${edition}">${text}</div>`;
const copy = (edition: number, text: string) => ({ "text/html": html(edition, text) });

const globals = globalThis as Record<string, unknown>;
let hands: Set<() => void>;
let clock: number;
let busy: boolean;
let last: string;
let save: (state: string) => void;
let again: number;
let model: { cells: unknown[]; dirty: boolean };
let shown: string;
let copies: Copies;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  hands = new Set();
  clock = 0;
  busy = false;
  last = "an answer";
  shown = html(0, "");
  globals["addEventListener"] = (_: string, hand: () => void) => hands.add(hand);
  globals["removeEventListener"] = (_: string, hand: () => void) => hands.delete(hand);
  globals["document"] = { hidden: false };
  mock.method(performance, "now", () => clock);
  const outputs = {
    length: 1,
    get: () => ({ toJSON: () => ({ data: { "text/html": [shown] } }) }),
    set: (_: number, { data }: { data: Record<string, string> }) => (shown = data["text/html"]!),
  };
  model = { cells: [{ outputs }], dirty: false };
  const slots = new Set<(sender: unknown, state: string) => void>();
  save = (state) => slots.forEach((slot) => slot(null, state));
  const saveState = { connect: (slot: never) => slots.add(slot), disconnect: (slot: never) => slots.delete(slot) };
  again = 0;
  const context = { model, saveState, save: () => Promise.resolve(void (again += 1, save("started"), save("completed"))) };
  const notebook = Notebook.of({ widget_manager: { context } } as never);
  copies = new Copies(notebook!, "mark", { busy: () => busy, last: () => last });
});

afterEach(() => {
  copies.end();
  assert.equal(hands.size, 0);
  mock.timers.reset();
  mock.restoreAll();
  for (const name of ["addEventListener", "removeEventListener", "document"]) delete globals[name];
});

function pass(ms: number): void {
  for (const end = clock + ms; clock < end; mock.timers.tick(100)) clock += 100;
}

test("a short copy is put in its place at once", () => {
  copies.take(1, copy(1, "short"));
  assert.equal(shown, html(1, "short"));
});

test("a long copy waits for rest, and the notebook counts as changed meanwhile", () => {
  copies.take(1, copy(1, LONG));
  assert.equal(model.dirty, true);
  pass(1900);
  for (const hand of hands) hand();
  pass(1900);
  assert.equal(shown, html(0, ""));
  pass(700);
  assert.equal(shown, html(1, LONG));
});

test("while an answer comes it waits on, but not for ever", () => {
  busy = true;
  copies.take(1, copy(1, LONG));
  pass(20_000);
  assert.equal(shown, html(0, ""));
  pass(11_000);
  assert.equal(shown, html(1, LONG));
});

test("a save before the copy is done again when the copy is there, short or long, once", async () => {
  for (const [edition, text] of [[1, "short"], [2, LONG]] as const) {
    save("started");
    save("completed");
    pass(1000);
    copies.take(edition, copy(edition, text));
    assert.equal(shown, html(edition, text));
    await new Promise(setImmediate);
    assert.equal(again, edition);
  }
  copies.take(3, copy(3, "a later answer"));
  await new Promise(setImmediate);
  assert.equal(again, 2);
});

test("a copy that comes while the file is written without it is written after it", async () => {
  save("started");
  copies.take(1, copy(1, "short"));
  assert.equal(again, 0);
  model.dirty = false;
  save("completed");
  assert.equal(model.dirty, true);
  await new Promise(setImmediate);
  assert.equal(again, 1);
});

test("no save follows one that failed, was long ago, or did not wait for the answer under way", async () => {
  save("started");
  copies.take(1, copy(1, "short"));
  save("failed");
  save("started");
  save("completed");
  pass(6000);
  copies.take(2, copy(2, "short"));
  save("started");
  save("completed");
  last = "an answer asked for since";
  copies.take(3, copy(3, "short"));
  busy = true;
  save("started");
  copies.take(4, copy(4, LONG));
  model.dirty = false;
  save("completed");
  assert.equal(model.dirty, true);
  await new Promise(setImmediate);
  assert.equal(again, 0);
});

test("a save, the end of the widget and a page that is not seen do not wait", () => {
  copies.take(1, copy(1, LONG));
  save("completed");
  assert.equal(shown, html(0, ""));
  save("started");
  assert.equal(shown, html(1, LONG));
  (globals["document"] as { hidden: boolean }).hidden = true;
  copies.take(2, copy(2, LONG));
  assert.equal(shown, html(2, LONG));
  (globals["document"] as { hidden: boolean }).hidden = false;
  copies.take(3, copy(3, LONG));
  copies.end();
  assert.equal(shown, html(3, LONG));
});

test("what has changed is told from the copy that waits, else from the one in its place", () => {
  const opening = html(0, "").indexOf(">") + 1;
  assert.equal(copies.change(1, 0, { "text/html": [html(1, "").slice(0, opening), opening, opening, `${LONG}</div>`] }), true);
  assert.equal(shown, html(0, ""));
  const end = opening + LONG.length;
  assert.equal(copies.change(2, 1, { "text/html": [html(2, "").slice(0, opening), opening, end, " and more</div>"] }), true);
  save("started");
  assert.equal(shown, html(2, `${LONG} and more`));
  assert.equal(copies.change(9, 7, {}), false);
  assert.equal(copies.isBehind(9), true);
});

test("an older copy changes nothing", () => {
  copies.take(2, copy(2, "new"));
  copies.take(1, copy(1, "old"));
  assert.equal(shown, html(2, "new"));
  assert.equal(copies.isBehind(2), false);
});

test("a type that is new begins with nothing", () => {
  assert.deepEqual(changed({}, { "text/plain": ["", 0, 0, "all"] }), { "text/plain": "all" });
});

const HALF = '<article data-state="streaming">half</article>';

test("a copy in mid-answer waits for the answer's end, however long that takes", () => {
  busy = true;
  copies.take(1, copy(1, HALF));
  copies.take(2, copy(2, HALF + LONG));
  pass(40_000);
  assert.equal(shown, html(0, ""));
  busy = false;
  copies.take(3, copy(3, "whole"));
  assert.equal(shown, html(3, "whole"));
});

test("when the kernel goes, the copy in mid-answer is what is left", () => {
  busy = true;
  copies.take(1, copy(1, HALF + LONG));
  busy = false;
  copies.close();
  assert.equal(shown, html(1, HALF + LONG));
});

test("a save in mid-answer takes a short copy along, and leaves a long one until it disturbs nobody", () => {
  busy = true;
  copies.take(1, copy(1, HALF));
  save("started");
  assert.equal(shown, html(1, HALF));
  save("completed");
  copies.take(2, copy(2, HALF + LONG));
  save("started");
  save("completed");
  assert.equal(shown, html(1, HALF));
  busy = false;
  pass(3000);
  assert.equal(shown, html(2, HALF + LONG));
});
