/** How answers came about, as far as the page has asked; events are fetched once, however long the stream. */

import type { Question, Reply, Trace } from "./kernel/messages.ts";
import type { Answer } from "./state.ts";

const ASK_AGAIN_MS = 1000;

interface Known {
  trace: Trace | null;
  /** When it was last asked for. */
  asked: number;
  /** Whether the answer had ended by then. */
  whole: boolean;
}

export class Traces {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly ask: (question: Question) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What is known of an answer; the same object until more is known. */
  of(answer: string): Trace | null {
    return this.known.get(answer)?.trace ?? null;
  }

  /** Somebody looks at an answer's trace: see to it that it is there, and grows while the answer does. */
  want(answer: Answer): void {
    const known = this.known.get(answer.id);
    const streaming = answer.state === "streaming";
    if (known && (known.whole || (streaming && this.now() - known.asked < ASK_AGAIN_MS))) return;
    this.known.set(answer.id, { trace: known?.trace ?? null, asked: this.now(), whole: !streaming });
    const from = (known?.trace?.events.length ?? 0) + 1;
    this.ask({ kind: "trace", answer: answer.id, from, ...(known?.trace?.body && { brief: true }) });
  }

  /** Take what the kernel says; whether it was a trace. */
  take(reply: Reply): boolean {
    if (reply.kind !== "trace") return false;
    const known = this.known.get(reply.answer) ?? { trace: null, asked: 0, whole: false };
    this.known.set(reply.answer, { ...known, trace: joined(known.trace, reply.trace) });
    return true;
  }

  /** What was asked may never be answered: the connection is a new one. */
  askAgain(): void {
    for (const [id, known] of this.known) this.known.set(id, { ...known, asked: -ASK_AGAIN_MS, whole: false });
  }
}

/** The later trace with the earlier one's events before its own. */
export function joined(before: Trace | null, after: Trace): Trace {
  if (!before) return after;
  const { body, curl } = after.body ? after : before;
  return { ...after, body, curl, from: 1, events: [...before.events.slice(0, after.from - 1), ...after.events] };
}
