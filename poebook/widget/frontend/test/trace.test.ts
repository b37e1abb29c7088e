/** What a trace shows, of what the kernel said: pure parts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { aTrace, MANY, TROMSO, TROMSO_TEXT, said } from "../dev/traces.ts";
import { done, fresh } from "../dev/make.ts";
import { jsonLines } from "../src/jsonlines.ts";
import type { Question } from "../src/kernel/messages.ts";
import { Standing } from "../src/standing.ts";
import { marks, nearest, span, ticks } from "../src/timeline.ts";
import { joined, Traces } from "../src/traces.ts";
import { gist, inView } from "../src/view/events.ts";
import { indented } from "../src/view/json.ts";
import { beside } from "../src/view/raw.ts";
import { LIST, noJson, ROW, revealed } from "../src/view/tracedeeds.ts";

const answer = done("a1", TROMSO_TEXT, { replies: ["And in Bodø?"] });

test("an answer stands after each event as it was shown then, forwards and backwards", () => {
  const walk = new Standing(answer);
  const replaced = TROMSO.findIndex((event) => event.name === "replace_response");
  assert.equal(walk.after(TROMSO, 1).text, "Tomorrow, ");
  assert.match(walk.after(TROMSO, replaced).text, /before the $/);
  assert.match(walk.after(TROMSO, replaced + 1).text, /one of the last$/);
  assert.equal(walk.after(TROMSO, TROMSO.length).text, TROMSO_TEXT);
  assert.deepEqual(walk.after(TROMSO, TROMSO.length).replies, ["And in Bodø?"]);
  assert.equal(walk.after(TROMSO, 2).text, "Tomorrow, 24 ");
  assert.deepEqual(walk.after(TROMSO, 2).replies, []);
});

test("an answer that failed stands without its error until the error came", () => {
  const events = said([["text", { text: "Let me" }], ["error", { text: "No.", allow_retry: false }]], 1);
  const walk = new Standing(fresh("a", 0, { state: "error", text: "Let me", error: { title: "No.", text: "", allow_retry: false, fault: null } }));
  assert.equal(walk.after(events, 1).error, null);
  assert.equal(walk.after(events, 2).error?.title, "No.");
});

test("events are asked for once, then only later ones, and a last time when the answer has ended", () => {
  const asked: Question[] = [];
  let now = 0;
  const traces = new Traces((question) => asked.push(question), () => now);
  const streaming = fresh("a");
  traces.want(streaming);
  traces.want(streaming);
  assert.deepEqual(asked, [{ kind: "trace", answer: "a", from: 1 }]);
  traces.take({ kind: "trace", answer: "a", trace: aTrace(TROMSO.slice(0, 5)) });
  now = 500;
  traces.want(streaming);
  assert.equal(asked.length, 1, "at most once a second");
  now = 1000;
  traces.want(streaming);
  assert.deepEqual(asked.at(-1), { kind: "trace", answer: "a", from: 6, brief: true });
  traces.take({ kind: "trace", answer: "a", trace: aTrace(TROMSO.slice(5), { from: 6, body: "", curl: "" }) });
  assert.equal(traces.of("a")?.body, aTrace([]).body, "the request is kept");
  assert.deepEqual(traces.of("a")?.events, TROMSO);
  now = 1100;
  traces.want(done("a", ""));
  traces.want(done("a", ""));
  assert.equal(asked.length, 3);
  traces.askAgain();
  traces.want(done("a", ""));
  assert.equal(asked.length, 4, "after a new connection");
});

test("events that come twice are kept once", () => {
  const twice = joined(aTrace(TROMSO.slice(0, 8)), aTrace(TROMSO.slice(5), { from: 6 }));
  assert.deepEqual(twice.events, TROMSO);
});

test("the event nearest to a time is found, of several at one time the last", () => {
  const at = (...times: number[]) => times.map((s, index) => ({ n: index + 1, name: "text", data: "", s }));
  assert.equal(nearest([], 1), 0);
  assert.equal(nearest(at(1, 2, 3), 0), 1);
  assert.equal(nearest(at(1, 2, 3), 2.4), 2);
  assert.equal(nearest(at(1, 2, 3), 2.6), 3);
  assert.equal(nearest(at(1, 2, 2, 2, 3), 2), 4);
  assert.equal(nearest(at(1, 2, 3), 99), 3);
});

test("ten thousand events make no more ticks than there are places", () => {
  const drawn = ticks(MANY, 5000, span(MANY, null));
  for (const path of [drawn.past, drawn.later]) assert.ok(path.split("M").length <= 1002);
  assert.match(ticks(TROMSO, 3, 2.4).odd, /^M\d+ 43V\d+$/);
});

test("the axis has marks that differ", () => {
  assert.deepEqual(marks(2.4), ["0 s", "0.6", "1.2", "1.8", "2.4 s"]);
  assert.deepEqual(marks(0.02), ["0 s", "0.005", "0.010", "0.015", "0.020 s"]);
  for (const seconds of [0.001, 0.003, 0.0099, 0.01, 0.1, 0.3, 0.99, 1, 7]) assert.equal(new Set(marks(seconds).map(parseFloat)).size, 5, String(seconds));
});

test("a traceback in the log is shown once", () => {
  const fault = { cell: 3, line: 9, traceback: "Traceback:\n  1 / 0\nZeroDivisionError\n", summary: "" };
  const log = (...texts: string[]) => texts.map((text) => ({ s: 0.1, text }));
  const raised = ["Traceback:\n", "  1 / 0\n", "ZeroDivisionError\n"];
  assert.deepEqual(beside(log("before", ...raised, "after"), fault), log("before", "after"));
  assert.deepEqual(beside(log("Traceback:", "another"), fault), log("Traceback:", "another"));
  assert.deepEqual(beside(log(...raised), null), log(...raised));
});

test("of ten thousand rows only those in view are drawn", () => {
  const [from, to] = inView(5000 * ROW, 10_000);
  assert.ok(from <= 5000 && to >= 5000 + LIST / ROW && to - from < 40);
  assert.equal(inView(Infinity, 10_000)[1], 10_000);
  assert.deepEqual(inView(0, 3), [0, 3]);
});

test("a row is brought into view, a near one by as little as needed", () => {
  assert.equal(revealed(0, 1, 100), 0);
  assert.equal(revealed(0, 5, 100), 0);
  const most = 100 * ROW - LIST + 8;
  assert.equal(revealed(Infinity, 100, 100), most);
  for (const n of [1, 11, 12, 13, 50, 99, 100]) {
    const top = revealed(0, n, 100);
    assert.ok((n - 1) * ROW >= top && n * ROW <= top + LIST, `row ${n} at ${top}`);
  }
  assert.equal(revealed(240, 10, 100), 216);
});

test("an event's gist is what it says", () => {
  const event = (name: string, data: string) => gist({ n: 1, name, data, s: 0 });
  assert.equal(event("text", '{"text": "a\\nb"}'), '"a\\nb"');
  assert.equal(event("file", '{"url": "u", "name": "n.csv", "content_type": "t"}'), '"n.csv"');
  assert.equal(event("done", "{}"), "");
  assert.equal(event("text", "no json"), "no json");
  assert.equal(event("json", "null"), "null");
  assert.ok(event("text", JSON.stringify({ text: "x".repeat(9999) })).length < 200);
});

test("JSON is indented without a change of what it says", () => {
  assert.equal(indented('{"a":[1,2.50,12345678901234567890],"b":{},"c":"x:{,\\"}"}').join(""), '{\n  "a": [\n    1,\n    2.50,\n    12345678901234567890\n  ],\n  "b": {},\n  "c": "x:{,\\"}"\n}');
  const text = '{"k": [true, null, {"x": []}], "é": "\\u00e9 \\\\"}';
  assert.deepEqual(JSON.parse(indented(text).join("")), JSON.parse(text));
});

test("a trace is exported line by line, each of them JSON", () => {
  const lines = jsonLines(aTrace(TROMSO, { log: [{ s: 0.1, text: "hi" }] }), answer).trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(lines.length, TROMSO.length + 3);
  assert.deepEqual(lines.map((line) => line["kind"]).filter((kind, index, all) => kind !== all[index - 1]), ["request", "event", "log", "end"]);
  assert.deepEqual(lines[1], { kind: "event", target: "almanac", answer: "a1", n: 1, name: "text", data: '{"text":"Tomorrow, "}', s: TROMSO[0]!.s });
});

test("a request that is no JSON object is told to be none", () => {
  assert.equal(noJson('{"a": 1}'), null);
  assert.match(noJson("{")!, /^This is no JSON yet: .*\.$/);
  assert.match(noJson("[]")!, /JSON object/);
});
