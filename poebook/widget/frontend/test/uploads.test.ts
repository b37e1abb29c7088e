/** Files on their way: announced first, few chunks unanswered, in order, taken back when the kernel goes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Upload } from "../src/state.ts";
import { UPLOAD_CUT_OFF } from "../src/strings.ts";
import { Shelf } from "../src/uploads/shelf.ts";
import { percent, progress, size } from "../src/uploads/sizes.ts";
import { CHUNK, UNANSWERED, type Source } from "../src/uploads/transfer.ts";

function begin(slow: number[] = []) {
  const log: string[] = [];
  const timers = new Set<() => void>();
  let count = 0, live = true;
  const shelf: Shelf = new Shelf(
    {
      announce: (id, source) => log.push(`announce ${id} ${source.size}`),
      chunk: (id, index, bytes) => log.push(`chunk ${id} ${index} ${bytes.byteLength}`),
      drop: (id) => log.push(`drop ${id}`),
      listens: () => live,
    },
    () => undefined,
    { after: (_, run) => (timers.add(run), () => timers.delete(run)) },
    () => `f${++count}`,
  );
  const file = (name: string, bytes: number): Source => ({
    name, type: "text/plain", size: bytes,
    slice: (from, to) => ({
      arrayBuffer: async () => {
        if (slow.includes(from / CHUNK)) await settle();
        return new ArrayBuffer(Math.max(0, Math.min(to, bytes) - from));
      },
    }),
  });
  const say = (id: string, change: Partial<Upload>) => shelf.heard({ ...shelf.uploads.find((one) => one.id === id)!, ...change });
  const pass = () => [...timers].forEach((run) => (timers.delete(run), run()));
  return { shelf, log, file, say, pass, timers, busy: () => (live = false) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test("nothing of a file travels before the kernel has agreed to it", async () => {
  const { shelf, log, file, say } = begin();
  shelf.add([file("a.txt", 10)]);
  await settle();
  assert.deepEqual(log, ["announce f1 10"]);
  say("f1", { state: "refused", problem: "a.txt is 10 bytes; the limit is 1 byte." });
  await settle();
  assert.deepEqual(log, ["announce f1 10"]);
  assert.equal(shelf.canRetry(shelf.uploads[0]!), false, "it would be refused again");
});

test("no more than four chunks are unanswered, over all files", async () => {
  const { shelf, log, file, say } = begin();
  shelf.add([file("a", 10 * CHUNK), file("b", 10 * CHUNK)]);
  say("f1", {});
  say("f2", {});
  await settle();
  const chunks = () => log.filter((line) => line.startsWith("chunk")).length;
  assert.equal(chunks(), UNANSWERED);
  say("f1", { received: CHUNK });
  await settle();
  assert.equal(chunks(), UNANSWERED + 1);
});

test("files take turns, and each file's chunks go in order however long they take to read", async () => {
  const { shelf, log, file, say } = begin([0]);
  shelf.add([file("a", 2.5 * CHUNK)]);
  say("f1", {});
  await settle();
  await settle();
  assert.deepEqual(log.slice(1), [`chunk f1 0 ${CHUNK}`, `chunk f1 1 ${CHUNK}`, `chunk f1 2 ${CHUNK / 2}`]);
  shelf.add([file("b", 9 * CHUNK), file("c", 9 * CHUNK)]);
  say("f1", { received: 2.5 * CHUNK, state: "ready" });
  say("f2", {});
  say("f3", {});
  await settle();
  say("f2", { received: CHUNK });
  say("f2", { received: 2 * CHUNK });
  await settle();
  assert.ok(log.some((line) => line.startsWith("chunk f3")));
});

test("an empty file is one empty chunk", async () => {
  const { shelf, log, file, say } = begin();
  shelf.add([file("empty", 0)]);
  say("f1", {});
  await settle();
  assert.deepEqual(log, ["announce f1 0", "chunk f1 0 0"]);
});

test("a file that was removed sends nothing more, and the kernel forgets it", async () => {
  const { shelf, log, file, say } = begin();
  shelf.add([file("a", 9 * CHUNK)]);
  say("f1", {});
  shelf.remove("f1");
  await settle();
  assert.deepEqual(log, ["announce f1 " + 9 * CHUNK, "drop f1"]);
  assert.deepEqual(shelf.uploads, []);
});

test("what was cut off can be tried again, in its place", async () => {
  const { shelf, log, file, say } = begin();
  shelf.add([file("a", 9 * CHUNK), file("b", 1)]);
  say("f1", {});
  say("f2", { state: "ready" });
  shelf.lost();
  assert.deepEqual(shelf.uploads.map((one) => [one.name, one.state, one.problem]), [["a", "refused", UPLOAD_CUT_OFF], ["b", "ready", null]]);
  assert.equal(shelf.canRetry(shelf.uploads[0]!), true);
  shelf.retry("f1");
  assert.deepEqual(shelf.uploads.map((one) => [one.id, one.state]), [["f3", "receiving"], ["f2", "ready"]]);
  assert.equal(log.at(-1), `announce f3 ${9 * CHUNK}`);
});

test("a kernel that listens and says nothing for long has lost the file; a busy one has not", () => {
  const { shelf, file, pass, busy } = begin();
  shelf.add([file("a", 1)]);
  busy();
  pass();
  assert.equal(shelf.uploads[0]!.state, "receiving");
  const other = begin();
  other.shelf.add([other.file("a", 1)]);
  other.pass();
  assert.equal(other.shelf.uploads[0]!.problem, UPLOAD_CUT_OFF);
  assert.equal(other.timers.size, 0);
});

test("a file that can no longer be read is cut off", async () => {
  const { shelf, say } = begin();
  shelf.add([{ name: "a", type: "", size: 1, slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone from the disk")) }) }]);
  say("f1", {});
  await settle();
  assert.equal(shelf.uploads[0]!.problem, UPLOAD_CUT_OFF);
});

test("what goes with a question leaves the shelf; what was refused stays", () => {
  const { shelf, file, say } = begin();
  shelf.add([file("a", 1), file("b", 1)]);
  say("f1", { state: "ready" });
  say("f2", { state: "refused", problem: "no" });
  assert.deepEqual(shelf.taken().map((one) => one.id), ["f1"]);
  assert.deepEqual(shelf.uploads.map((one) => one.id), ["f2"]);
  shelf.putBack([{ ...shelf.uploads[0]!, id: "f9", state: "ready" }]);
  assert.deepEqual(shelf.uploads.map((one) => one.id), ["f9", "f2"]);
});

test("a file is waited for while it comes and while it is read", () => {
  const { shelf, file, say } = begin();
  shelf.add([file("a", 1)]);
  assert.equal(shelf.waiting, true);
  say("f1", { state: "reading", received: 1 });
  assert.equal(shelf.waiting, true);
  say("f1", { state: "ready" });
  assert.equal(shelf.waiting, false);
});

test("sizes read as people say them", () => {
  const said = [0, 1, 812, 1000, 4_100, 999_499, 999_500, 1_000_000, 1_800_000, 6_400_000, 9_960_000, 61_000_000, 2_500_000_000].map(size);
  assert.deepEqual(said, ["0 bytes", "1 byte", "812 bytes", "1 kB", "4 kB", "999 kB", "1 MB", "1 MB", "1.8 MB", "6.4 MB", "10 MB", "61 MB", "2.5 GB"]);
  assert.equal(progress(3_968_000, 6_400_000), "62 % of 6.4 MB");
  assert.deepEqual([percent(0, 0), percent(999, 1000), percent(1000, 1000)], [100, 99, 100]);
});
