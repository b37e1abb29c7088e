/** Values between page and kernel, and drafts that outlive the page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Sync } from "../src/controls/sync.ts";
import type { Panel, Values } from "../src/controls/types.ts";
import { inWords } from "../src/controls/words.ts";
import { Keep } from "../src/keep.ts";

function begin() {
  const sent: Values[] = [];
  const timers = new Set<() => void>();
  const sync = new Sync((values) => (sent.push(values), values), () => undefined, { after: (_, run) => (timers.add(run), () => timers.delete(run)) });
  return { sync, sent, pass: () => [...timers].forEach((run) => (timers.delete(run), run())) };
}

test("a slider that moves tells the kernel once it rests", () => {
  const { sync, sent, pass } = begin();
  for (const value of [1, 2, 3]) sync.set("detail", value);
  assert.deepEqual(sent, []);
  pass();
  assert.deepEqual(sent, [{ detail: 3 }]);
});

test("a question does not overtake its values", () => {
  const { sync, sent, pass } = begin();
  sync.set("detail", 3);
  sync.flush();
  assert.deepEqual(sent, [{ detail: 3 }]);
  pass();
  sync.flush();
  assert.equal(sent.length, 1);
});

test("the kernel's echo does not take back what was typed meanwhile", () => {
  const { sync } = begin();
  sync.set("name", "A");
  sync.flush();
  sync.set("name", "Ad");
  sync.flush();
  sync.heard({ name: "A" });
  assert.deepEqual(sync.values, { name: "Ad" });
  sync.heard({ name: "Ad" });
  sync.heard({ name: "Bea" });
  assert.deepEqual(sync.values, { name: "Bea" }, "what another view or Python sets counts");
});

test("what others set waits while somebody types here", () => {
  const { sync, sent, pass } = begin();
  sync.set("name", "A");
  sync.heard({ name: "Bea" });
  pass();
  assert.deepEqual(sent, [{ name: "A" }]);
});

test("reset goes at once", () => {
  const { sync, sent } = begin();
  sync.set("name", "A");
  sync.reset();
  assert.deepEqual(sent, [{}]);
  assert.deepEqual(sync.values, {});
});

test("values are said in the words of their controls", () => {
  const panel: Panel = {
    api_version: "2",
    sections: [{ controls: [
      { control: "toggle_switch", label: "Brief", parameter_name: "brief" },
      { control: "drop_down", label: "Unit", parameter_name: "unit", options: [{ value: "c", name: "Celsius" }] },
      { control: "aspect_ratio", label: "Shape", parameter_name: "shape", options: [{ value: "tall", width: 9, height: 16 }] },
      { control: "text_field", label: "Name", parameter_name: "name" },
    ] }],
  };
  const said = inWords([panel], { seed: 7, name: "", unit: "c", brief: true, shape: "tall" });
  assert.deepEqual(said.map(({ label, value }) => `${label}: ${value}`), ["Brief: on", "Unit: Celsius", "Shape: 9:16", "Name: empty", "seed: 7"]);
  assert.deepEqual(inWords([panel], { unit: "k" }), [{ label: "Unit", value: "k" }]);
});

function storage() {
  const all = new Map<string, string>();
  return { all, getItem: (key: string) => all.get(key) ?? null, setItem: (key: string, value: string) => void all.set(key, value), removeItem: (key: string) => void all.delete(key) };
}

const upload = { id: "f1", name: "a", size: 1, content_type: "", url: null, state: "ready", received: 1, problem: null, parsed_chars: null } as const;

test("a draft is kept for its conversation, with the files that are there", () => {
  const one = storage();
  new Keep(() => one).save("c-1", { text: "Hello", uploads: [upload, { ...upload, id: "f2", state: "receiving" }], user: "Ada" });
  assert.deepEqual(new Keep(() => one).load("c-1"), { text: "Hello", uploads: [upload], user: "Ada" });
  assert.deepEqual(new Keep(() => one).load("c-2"), { text: "", uploads: [], user: null });
});

test("an empty draft leaves nothing behind", () => {
  const one = storage();
  new Keep(() => one).save("c-1", { text: "Hello", uploads: [], user: null });
  new Keep(() => one).save("c-1", { text: "", uploads: [], user: null });
  assert.equal(one.all.size, 0);
});

test("where storage is forbidden or holds something else, drafts live as long as the page", () => {
  const none = new Keep(() => { throw new Error("SecurityError"); });
  none.save("c-1", { text: "Hello", uploads: [], user: null });
  assert.equal(none.load("c-1").text, "");
  const odd = storage();
  odd.all.set("poebook:draft:c-1", "[1, 2");
  assert.equal(new Keep(() => odd).load("c-1").text, "");
  odd.all.set("poebook:draft:c-1", JSON.stringify({ text: 7, uploads: "no", user: {} }));
  assert.deepEqual(new Keep(() => odd).load("c-1"), { text: "", uploads: [], user: null });
});
