/** Figures and sentences, with their units and their full stops. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, grouped, precise, rate, total, waiting } from "../src/figures.ts";
import type { Answer } from "../src/state.ts";
import { all, isAnswering, mendAnswer, mendSettings, messageTo, placeOf } from "../src/strings.ts";
import type { VNode } from "../src/dom/vnode.ts";
import { told } from "../src/view/failure.ts";
import { outline } from "./outline.ts";
import { bests } from "../src/view/columns.ts";
import { fresh } from "../dev/make.ts";

test("times have two digits that matter", () => {
  assert.deepEqual([precise(0.0004), precise(0.004), precise(0.21), precise(4.2)], ["1 ms", "4 ms", "0.21 s", "4.20 s"]);
  assert.deepEqual([duration(0), duration(3.44), duration(59.96), duration(125)], ["0.0 s", "3.4 s", "1 min 00 s", "2 min 05 s"]);
  assert.deepEqual([total(0.03), total(0.3)], ["30 ms", "0.3 s"]);
});

test("waiting says when Poe would give up", () => {
  assert.equal(waiting(1.4), "waiting 1.4 s");
  assert.equal(waiting(6.1), "waiting 6.1 s, over Poe's limit of 5 s");
});

test("a rate needs enough text and time to mean something", () => {
  const done = (change: Partial<Answer>) => fresh("a", 0, { state: "done", text: "x".repeat(300), first_event_s: 1, total_s: 2, ...change });
  assert.equal(rate(done({}), 0), 300);
  assert.equal(rate(done({ total_s: 1.01 }), 0), null);
  assert.equal(rate(done({ text: "hi" }), 0), null);
  assert.equal(rate(done({ total_s: null }), 3), 150);
  assert.equal(grouped(1234567), "1,234,567");
});

test("the best of a row is marked, broken answers and lone ones never", () => {
  const one = (id: string, change: Partial<Answer>) => ({ answer: fresh(id, 0, { state: "done", text: "x".repeat(100), ...change }), around: { elapsed: 9 } });
  const fast = one("fast", { first_event_s: 0.1, total_s: 1 });
  const slow = one("slow", { first_event_s: 0.2, total_s: 2 });
  const broken = one("broken", { first_event_s: 0.01, total_s: 0.02, state: "error" });
  assert.deepEqual(bests([slow, fast, broken]), { first: "fast", total: "fast", rate: "fast" });
  assert.deepEqual(bests([fast, broken]), { first: null, total: null, rate: null });
});

test("names are listed as one says them", () => {
  assert.deepEqual([all([]), all(["a"]), all(["a", "b"]), all(["a", "b", "c"])], ["", "a", "a and b", "a, b and c"]);
  assert.equal(isAnswering(["a", "b"]), "a and b are answering.");
  assert.deepEqual([messageTo(["a"]), messageTo(["a", "b"])], ["Message a", "Message all"]);
});

test("where an exception was raised, as far as that is known", () => {
  assert.equal(placeOf({ cell: 3, line: 9 }), "cell 3, line 9");
  assert.equal(placeOf({ cell: null, line: 9 }), "line 9");
  const said = (cell: number | null, line: number | null) => outline([told({ title: "KeyError", text: "", allow_retry: false, fault: { summary: "", cell, line, traceback: "" } }, "Mend it.", "a")[1] as VNode]).replace(/<[^>]*>/g, "");
  assert.equal(said(3, 9), "Raised in cell 3, line 9. Mend it.");
  assert.equal(said(null, null), "Mend it.");
});

test("what is to be done about an exception", () => {
  const cell = { cell: 3, line: 9 }, file = { cell: null, line: 9 };
  assert.equal(mendAnswer(cell, "Oh."), "Mend the cell, run it again, then regenerate this answer. On Poe the asker sees “Oh.”");
  assert.equal(mendAnswer(file, ""), "Mend the bot, then regenerate this answer.");
  assert.equal(mendSettings(cell), "Mend the cell and run it again.");
  assert.equal(mendSettings(file), "Mend the bot and serve it again.");
});
