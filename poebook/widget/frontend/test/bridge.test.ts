/** The door to the kernel: order, gaps, pieces, and a kernel that does not hear. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Bridge, type Link, type Model } from "../src/kernel/bridge.ts";
import type { FromKernel, ToKernel } from "../src/kernel/messages.ts";

function begin() {
  const sent: ToKernel[] = [];
  const heard: string[] = [];
  const links: Link[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const listeners: Record<string, (...args: never[]) => void> = {};
  const model: Model = {
    get: () => "w",
    send: (message) => sent.push(message as ToKernel),
    on: (name, listener) => void (listeners[name] = listener),
    off: () => undefined,
  };
  const bridge = new Bridge(
    model,
    {
      snapshot: ({ seq }) => heard.push(`snapshot ${seq}`),
      batch: ({ seq }) => heard.push(`batch ${seq}`),
      card: ({ seq }) => heard.push(`card ${seq}`),
      reply: () => 0,
      link: (link) => links.push(link),
    },
    {
      after: (ms, run) => {
        const timer = { ms, run };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
      },
    },
    "me",
  );
  const say = (message: FromKernel, buffers: DataView[] = []) => (listeners["msg:custom"] as (m: FromKernel, b: DataView[]) => void)(message, buffers);
  const pass = () => timers.splice(0).forEach(({ run }) => run());
  return { bridge, sent, heard, links, say, pass, listeners, model };
}

const snapshot = (seq: number): FromKernel => ({ kind: "snapshot", seq, card: null, chat: null });
const batch = (seq: number): FromKernel => ({ kind: "batch", seq, ops: [] });

test("batches are taken in order after a snapshot", () => {
  const { bridge, sent, heard, say, links } = begin();
  bridge.hello();
  say(batch(3));
  say(snapshot(3));
  say(batch(4));
  say({ kind: "card", seq: 5, card: null as never });
  say(batch(5));
  assert.deepEqual(heard, ["snapshot 3", "batch 4", "card 5"]);
  assert.deepEqual(sent, [{ kind: "hello" }]);
  assert.deepEqual(links, ["live"]);
});

test("a missing number is asked for, once", () => {
  const { bridge, sent, heard, say } = begin();
  bridge.hello();
  say(snapshot(1));
  say(batch(3));
  say(batch(4));
  assert.deepEqual(sent, [{ kind: "hello" }, { kind: "hello" }]);
  say(snapshot(4));
  say(batch(5));
  assert.deepEqual(heard, ["snapshot 1", "snapshot 4", "batch 5"]);
});

test("a large message is put together from its pieces, in whatever order", () => {
  const { bridge, heard, say } = begin();
  bridge.hello();
  const text = JSON.stringify(snapshot(7));
  const piece = (index: number): FromKernel => ({ kind: "piece", of: "1", index, count: 2, text: index ? text.slice(9) : text.slice(0, 9) });
  say(piece(1));
  assert.deepEqual(heard, []);
  say(piece(0));
  assert.deepEqual(heard, ["snapshot 7"]);
});

test("a command that nobody takes makes the kernel busy, until it is taken", () => {
  const { bridge, links, say, pass } = begin();
  bridge.hello();
  say(snapshot(1));
  const id = bridge.command({ kind: "stop" });
  pass();
  assert.deepEqual(links, ["live", "busy"]);
  assert.equal(bridge.taken(id), false);
  say({ kind: "ack", id });
  assert.deepEqual(links, ["live", "busy", "live"]);
  assert.equal(bridge.taken(id), true);
});

test("a command that is taken at once is no news", () => {
  const { bridge, links, say, pass } = begin();
  bridge.hello();
  say(snapshot(1));
  say({ kind: "ack", id: bridge.command({ kind: "send", uploads: [], text: "a" }) });
  pass();
  assert.deepEqual(links, ["live"]);
});

test("a kernel that shows nothing at the start is busy, and asked again", () => {
  const { bridge, sent, links, pass } = begin();
  bridge.hello();
  pass();
  assert.deepEqual(links, ["busy"]);
  assert.equal(sent.length, 2);
});

test("a kernel that is gone stays gone", () => {
  const { bridge, sent, links, say, pass, listeners } = begin();
  bridge.hello();
  say(snapshot(1));
  (listeners["comm_live_update"] as () => void)();
  bridge.command({ kind: "stop" });
  pass();
  bridge.hello();
  assert.deepEqual(links, ["live", "gone"]);
  assert.equal(sent.filter((one) => one.kind === "hello").length, 1);
});

test("a send that fails means that the kernel is gone", () => {
  const { bridge, links, say, model } = begin();
  bridge.hello();
  say(snapshot(1));
  model.send = () => {
    throw new Error("Kernel is dead");
  };
  bridge.command({ kind: "stop" });
  assert.deepEqual(links, ["live", "gone"]);
});

test("a key comes only to the click that asked for it", async () => {
  const { bridge, sent, say } = begin();
  const key = bridge.key();
  const { nonce } = sent[0] as { nonce: string };
  say({ kind: "key", key: "another's", nonce: "other" });
  say({ kind: "key", key: "mine", nonce });
  assert.equal(await key, "mine");
});

test("while pieces come, nothing is asked for again", () => {
  const { bridge, sent, heard, say, pass } = begin();
  bridge.hello();
  const text = JSON.stringify(snapshot(7));
  say({ kind: "piece", of: "1", index: 0, count: 2, text: text.slice(0, 9) });
  say({ kind: "piece", of: "1", index: 1, count: 2, text: text.slice(9) });
  pass();
  assert.deepEqual(heard, ["snapshot 7"]);
  assert.equal(sent.length, 1);
});
