/** A trace as JSON Lines: the request, each event, each line of the log, the end. */

import type { Trace } from "./kernel/messages.ts";

export function jsonLines(trace: Trace): string {
  const { target, where, method, url, headers, status, first_event_s, total_s, fault, calls } = trace;
  const lines = [
    { kind: "request", target, where, method, url, headers, body: parsed(trace.body) },
    ...trace.events.map(({ n, s, name, data }) => ({ kind: "event", n, s, event: name, data: parsed(data) })),
    ...trace.log.map(({ s, text }) => ({ kind: "log", s, text })),
    { kind: "end", status, first_event_s, total_s, fault, calls },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
