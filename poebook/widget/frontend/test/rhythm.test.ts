/** When a view is drawn: at the next frame, seldom when drawing is slow, and at once when nothing more will come. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Rhythm } from "../src/view/rhythm.ts";

type Frame = () => void;

let frames: Map<number, Frame>;
let clock: number;
let rhythm: Rhythm;
let drawn: number;
let slow: number;
const before = { performance: globalThis.performance, raf: globalThis.requestAnimationFrame, caf: globalThis.cancelAnimationFrame };

beforeEach(() => {
  frames = new Map();
  clock = 1000;
  drawn = slow = 0;
  let last = 0;
  globalThis.requestAnimationFrame = ((run: Frame) => (frames.set(++last, run), last)) as never;
  globalThis.cancelAnimationFrame = (id) => void frames.delete(id);
  Object.defineProperty(globalThis, "performance", { value: { now: () => clock }, configurable: true });
  rhythm = new Rhythm(() => {
    drawn++;
    clock += slow;
  });
});

afterEach(() => {
  rhythm.end();
  Object.defineProperty(globalThis, "performance", { value: before.performance, configurable: true });
  globalThis.requestAnimationFrame = before.raf;
  globalThis.cancelAnimationFrame = before.caf;
});

/** The browser shows a frame, and then hands out messages. */
async function frame(): Promise<void> {
  for (const [id, run] of [...frames]) {
    frames.delete(id);
    run();
  }
  await new Promise((done) => setTimeout(done)); // messages come before timers
}

test("many changes before a frame are drawn once, with it", async () => {
  for (let at = 0; at < 5; at++) rhythm.soon();
  assert.equal(drawn, 0);
  await frame();
  assert.equal(drawn, 1);
  await frame();
  assert.equal(drawn, 1);
});

test("after a slow drawing the next one waits, and no longer when the end has come", async () => {
  slow = 20;
  rhythm.soon();
  await frame();
  clock += 10;
  rhythm.soon();
  assert.equal(frames.size, 0);
  clock += 20;
  rhythm.soon(true);
  await Promise.resolve();
  assert.equal(drawn, 2);
  await frame();
  assert.equal(drawn, 2);
});

test("the end is drawn before the frame that shows it, in place of what waited for that frame", async () => {
  rhythm.soon();
  rhythm.soon(true);
  rhythm.soon(true);
  rhythm.soon();
  assert.equal(drawn, 0, "all that came in the same task counts");
  await Promise.resolve();
  assert.equal(drawn, 1);
  await frame();
  assert.equal(drawn, 1);
});

test("ends that come one upon the other are drawn once a frame", async () => {
  rhythm.soon(true);
  await Promise.resolve();
  clock += 5;
  rhythm.soon(true);
  await Promise.resolve();
  assert.equal(drawn, 1);
  await frame();
  assert.equal(drawn, 2);
});

test("a view that has left the page is not drawn any more", async () => {
  rhythm.soon(true);
  rhythm.end();
  await Promise.resolve();
  await frame();
  assert.equal(drawn, 0);
});
