/** The fold does to a conversation what Python's does: both read the same transcripts. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aChat, aTurn, done, fresh } from "../dev/make.ts";
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

const chat = aChat([], [aTurn("m-0", "a", [done("m-1", "")]), aTurn("m-1", "b", [fresh("m-2")])]);

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

test("a path that changes from one turn on leaves the turns before it as they are", () => {
  const after = apply(chat, { op: "path", from: 1, turns: [aTurn("m-3", "c", [fresh("m-4")], { branch: 1, branches: 2 })] });
  assert.equal(after.turns[0], chat.turns[0]);
  assert.deepEqual(after.turns.map((turn) => turn.id), ["m-0", "m-3"]);
});

test("one answer of a turn is picked, and the others are not", () => {
  const two = aChat([], [aTurn("m-0", "a", [done("m-1", "x"), done("m-2", "y", {}, 1)])]);
  const picked = (target: number | null, from = two) => apply(from, { op: "picked", turn: "m-0", target });
  assert.deepEqual(picked(1).turns[0]!.answers.map((one) => one.picked), [false, true]);
  assert.deepEqual(picked(0, picked(1)).turns[0]!.answers.map((one) => one.picked), [true, false]);
  assert.deepEqual(picked(null, picked(1)).turns[0]!.answers.map((one) => one.picked), [false, false]);
});
