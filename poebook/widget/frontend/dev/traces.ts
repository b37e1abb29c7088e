/** Traces as a kernel would know them. */

import type { RawEvent, Trace } from "../src/kernel/messages.ts";

const REQUEST = {
  version: "1.1",
  type: "query",
  query: [{ role: "user", content: "When does the sun rise in Troms\u00f8 tomorrow?", content_type: "text/markdown", timestamp: 1763980800000000, message_id: "m-1", attachments: [] }],
  user_id: "u-1",
  conversation_id: "c-1",
  message_id: "m-2",
};

/** Events with even pauses of some unevenness; the same each time. */
export function said(texts: readonly [name: string, data: unknown][], seconds: number): RawEvent[] {
  let s = 0.21, seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const step = (seconds - s) / (texts.length || 1);
  return texts.map(([name, data], index) => {
    s += step * (index % 24 === 20 ? 4 : 0.15 + random() * 1.35);
    return { n: index + 1, name, data: JSON.stringify(data), s: Math.min(s, seconds) };
  });
}

export function aTrace(events: RawEvent[], change: Partial<Trace> = {}): Trace {
  const url = "http://127.0.0.1:8080/almanac";
  return {
    target: "almanac", where: "this kernel", method: "POST", url,
    headers: { "Content-Type": "application/json", Accept: "text/event-stream", Authorization: "Bearer \u2022\u2022\u2022\u2022" },
    body: JSON.stringify(REQUEST, null, 2),
    curl: `curl -N ${url} -H "Authorization: Bearer $POE_ACCESS_KEY" -H 'Content-Type: application/json' -d '${JSON.stringify(REQUEST)}'`,
    status: 200, from: 1, events, log: [], fault: null, first_event_s: events[0]?.s ?? null, total_s: events.at(-1)?.s ?? null, calls: [],
    ...change,
  };
}

const words = (text: string) => text.split(/(?<= )/).map((part): [string, unknown] => ["text", { text: part }]);

const SLIP = "Tomorrow, 24 Nov, the sun rises at 10:31 and it sets at 12:04 in the early afternoon, which makes it one of the shorter days before the ";
const MENDED = "Tomorrow, 25 November, the sun rises at 10:31 and sets at 12:04. It is one of the last";
const REST = " sunrises of the year: the polar night begins on 27 November, and lasts until the middle of January. ";

export const TROMSO = said([...words(SLIP), ["replace_response", { text: MENDED }], ...words(REST), ["suggested_reply", { text: "And in Bod\u00f8?" }], ["done", {}]], 2.4);
export const TROMSO_TEXT = MENDED + REST;
export const MANY = said([...words("word ".repeat(9_999)), ["done", {}]], 61);
