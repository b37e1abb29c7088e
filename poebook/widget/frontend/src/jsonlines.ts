/** A trace as JSON Lines, as `Conversation.export_trace` writes it: the request, each event, each line of the log, the end. */

import type { Trace } from "./kernel/messages.ts";
import type { Answer } from "./state.ts";

export function jsonLines(trace: Trace, answer: Answer): string {
  const about = { target: trace.target, answer: answer.id };
  const { where, method, url, headers, status, first_event_s, total_s, fault, calls } = trace;
  const lines = [
    { kind: "request", ...about, where, method, url, headers, body: parsed(trace.body), status },
    ...trace.events.map((event) => ({ kind: "event", ...about, ...event })),
    ...trace.log.map((line) => ({ kind: "log", ...about, ...line })),
    { kind: "end", ...about, state: answer.state, error: answer.error?.title ?? null, note: answer.note, first_event_s, total_s, fault, calls },
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
