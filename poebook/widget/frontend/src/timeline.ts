/** Where events stand on an axis of time: pure. */

import type { RawEvent } from "./kernel/messages.ts";

const WIDTH = 1000;
const FLOOR = 43;
const ODD = new Set(["replace_response", "file", "error"]);

/** Paths for an svg of 1000 by 44: events up to *at*, later ones, and those that are no mere text. */
export interface Ticks {
  past: string;
  later: string;
  odd: string;
}

/** The seconds that the axis shows. */
export function span(events: readonly RawEvent[], total: number | null): number {
  return Math.max(total ?? 0, events.at(-1)?.s ?? 0, 0.001);
}

/** However many events there are, there is at most one tick of each kind at one place. */
export function ticks(events: readonly RawEvent[], at: number, seconds: number): Ticks {
  const past = new Map<number, number>(), later = new Map<number, number>(), odd = new Map<number, number>();
  for (const event of events) {
    const into = ODD.has(event.name) ? odd : event.n <= at ? past : later;
    const x = Math.round((event.s / seconds) * WIDTH);
    into.set(x, Math.max(into.get(x) ?? 0, height(event.data.length)));
  }
  return { past: path(past), later: path(later), odd: path(odd) };
}

/** The number of the event that is nearest to a time; of several at one time the last. */
export function nearest(events: readonly RawEvent[], s: number): number {
  let low = 0, high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.s <= s) low = middle + 1;
    else high = middle;
  }
  const after = events[low], before = events[low - 1];
  if (!before) return after ? 1 : 0;
  return after && after.s - s < s - before.s ? low + 1 : low;
}

/** The labels of the axis. */
export function marks(seconds: number): string[] {
  const digits = seconds < 0.01 ? 4 : seconds < 0.1 ? 3 : seconds < 1 ? 2 : 1;
  const at = (share: number) => (seconds * share).toFixed(digits);
  return ["0 s", at(0.25), at(0.5), at(0.75), `${at(1)} s`];
}

function height(size: number): number {
  return Math.round(Math.min(34, 8 + 6 * Math.log2(1 + Math.max(0, size - 12) / 6))); // beside the text, data holds some 12 characters
}

function path(at: ReadonlyMap<number, number>): string {
  return [...at].map(([x, tall]) => `M${x} ${FLOOR}V${FLOOR - tall}`).join("");
}
