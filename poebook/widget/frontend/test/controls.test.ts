/** Parameter controls: what is shown, what counts as changed and what travels, from examples that Python reads too. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cells } from "../src/controls/layout.ts";
import type { Control, Panel, Values } from "../src/controls/types.ts";
import { changed, defaults, inEffect, shown, travelling } from "../src/controls/values.ts";

interface Example {
  name: string;
  controls: Panel;
  defaults: Values;
  cases: { title: string; values: Values; shown: string[]; changed: Values; travelling: Values }[];
}

const CONTROLS = join(process.env["FRONTEND"] ?? ".", "../../../tests/transcripts/controls");
const examples = readdirSync(CONTROLS).map((file) => JSON.parse(readFileSync(join(CONTROLS, file), "utf8")) as Example);

test("there are examples to read", () => assert.ok(examples.length >= 2));

for (const example of examples) {
  const panels = [example.controls];
  test(`${example.name}: defaults`, () => assert.deepEqual(defaults(panels), example.defaults));
  for (const one of example.cases) {
    test(`${example.name}: ${one.title}`, () => {
      assert.deepEqual([...shown(panels, one.values)].sort(), [...one.shown].sort());
      assert.deepEqual(changed(panels, one.values), one.changed);
      assert.deepEqual(travelling(panels, one.values), one.travelling);
    });
  }
}

const every = examples.find((one) => one.cases.length && one.name.startsWith("every kind"))!.controls;
const answer = every.sections[0]!.tabs![0]!.controls;

test("what depends on a control stands under it", () => {
  const values = { correct: true };
  const all = cells(answer, inEffect([every], values));
  assert.deepEqual(all.map((cell) => (cell.control as { label: string }).label), ["Detail", "Twilight", "Observer’s name", "Correct for height"]);
  assert.deepEqual(all.map((cell) => cell.under.length), [0, 0, 0, 1]);
});

test("a condition on what stands elsewhere has a cell of its own, and keys do not move with it", () => {
  const picture = every.sections[1]!.controls!;
  const open = cells(picture, inEffect([every], { detail: 9 }));
  assert.deepEqual(open.map((cell) => [cell.key, cell.control === null, cell.under.length]), [["0", false, 0], ["1", true, 2]]);
  assert.deepEqual(cells(picture, inEffect([every], {})).map((cell) => cell.key), ["0"]);
});

test("a condition on a conditional control stands with it", () => {
  const flat = examples.find((one) => one.name.startsWith("conditions"))!.controls;
  const all = cells(flat.sections[0]!.controls!, inEffect([flat], { deeper: true }));
  const deep = all.find((cell) => (cell.control as { label?: string } | null)?.label === "Deep")!;
  assert.deepEqual(deep.under.map((one) => (one as { label: string }).label), ["Deeper", "Deepest"]);
});

test("lines and boxes for long texts go over both columns", () => {
  const sources = every.sections[0]!.tabs![1]!.controls;
  assert.deepEqual(cells(sources, {}).map((cell) => cell.wide), [true, true, false]);
});

test("controls of several bots are one pool; the first default counts", () => {
  const one = (value: number): Panel => ({ api_version: "2", sections: [{ controls: [{ control: "slider", label: "n", parameter_name: "n", default_value: value, min_value: 0, max_value: 9, step: 1 } satisfies Control] }] });
  assert.deepEqual(defaults([one(2), one(5)]), { n: 2 });
});

test("names that objects have anyway are names like others", () => {
  const odd: Panel = { api_version: "2", sections: [{ controls: [{ control: "condition", condition: { comparator: "ne", left: { parameter_name: "constructor" }, right: { literal: 1 } }, controls: [{ control: "text_field", label: "x", parameter_name: "toString" }] }] }] };
  assert.deepEqual([...shown([odd], {})], ["toString"]);
  assert.deepEqual(travelling([odd], { toString: "y" }), { toString: "y" });
});
