/** The page reads an answer's events as Python does: both read the same transcripts of the wire. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fresh } from "../dev/make.ts";
import { AnswerReader, type ReadError } from "../src/reading.ts";
import { apply, type Answer, type Chat, type Op } from "../src/state.ts";

interface Transcript {
  name: string;
  events: [string, string][];
  ops: Op[];
  answer: Pick<Answer, "text" | "content_type" | "replies" | "files">;
  count: number;
  done: boolean;
  metadata: string | null;
  error: ReadError | null;
  unreadable: string | null;
}

const WIRE = join(process.env["FRONTEND"] ?? ".", "../../../tests/transcripts/wire");
const transcripts = readdirSync(WIRE).map((file) => JSON.parse(readFileSync(join(WIRE, file), "utf8")) as Transcript);

test("there are transcripts to read", () => assert.ok(transcripts.length >= 25));

for (const { name, events, ops, answer, ...end } of transcripts) {
  test(name, () => {
    const reader = new AnswerReader("m-2");
    const read: Op[] = [];
    for (const [event, data] of events) {
      read.push(...reader.read(event, data));
      if (reader.error || reader.unreadable) break;
    }
    assert.deepEqual(read, ops);
    const { count, done, metadata, error, unreadable } = reader;
    assert.deepEqual({ count, done, metadata, error, unreadable }, {
      count: end.count, done: end.done, metadata: end.metadata, error: end.error, unreadable: end.unreadable,
    });
    const chat = { id: "c", targets: [], turns: [{ id: "m-1", text: "", at: 0, answers: [fresh("m-2", 0)] }] } as unknown as Chat;
    const { text, content_type, replies, files } = read.reduce(apply, chat).turns[0]!.answers[0]!;
    assert.deepEqual({ text, content_type, replies, files }, answer);
  });
}
