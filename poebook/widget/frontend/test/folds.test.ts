/** The fold does to a conversation what Python's does: both read the same transcripts. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { apply, isStreaming, type Chat, type Op } from "../src/state.ts";

interface Transcript {
  name: string;
  start: Chat;
  ops: Op[];
  end: Chat;
}

const FOLDS = join(process.env["FRONTEND"] ?? ".", "../../../tests/transcripts/folds");
const transcripts = readdirSync(FOLDS).map((file) => JSON.parse(readFileSync(join(FOLDS, file), "utf8")) as Transcript);

test("there are transcripts to read", () => assert.ok(transcripts.length >= 10));

for (const { name, start, ops, end } of transcripts) {
  test(name, () => {
    const before = JSON.stringify(start);
    assert.deepEqual(ops.reduce(apply, start), end);
    assert.equal(JSON.stringify(start), before, "the state before is left as it was");
  });
}

const answer = { id: "m-2", target: 0, state: "streaming", text: "", content_type: "text/markdown", replies: [], files: [], error: null, note: null, first_event_s: null, total_s: null, event_count: 0, feedback: null, elapsed_s: 0 } as const;
const chat: Chat = {
  id: "c", targets: [],
  turns: [
    { id: "m-0", text: "a", at: 0, answers: [{ ...answer, id: "m-1", replies: [], files: [], state: "done" }] },
    { id: "m-1", text: "b", at: 0, answers: [{ ...answer, replies: [], files: [] }] },
  ],
};

test("a change leaves the identity of everything else alone", () => {
  const after = apply(chat, { op: "text", id: "m-2", text: "x", n: 1 });
  assert.equal(after.turns[0], chat.turns[0]);
  assert.notEqual(after.turns[1], chat.turns[1]);
  assert.equal(after.targets, chat.targets);
});

test("a change of a kind that is not known changes nothing", () => {
  assert.equal(apply(chat, { op: "sparkle", id: "m-2" } as unknown as Op), chat);
});

test("somebody is answering while an answer of the last turn streams", () => {
  assert.equal(isStreaming(chat), true);
  assert.equal(isStreaming({ ...chat, turns: chat.turns.slice(0, 1) }), false);
  assert.equal(isStreaming(null), false);
});
