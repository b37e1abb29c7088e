/** An answer as it stood after any of its events: pure. */

import type { RawEvent } from "./kernel/messages.ts";
import { AnswerReader } from "./reading.ts";
import { change, type Answer } from "./state.ts";

/** Walks along one answer's events; forwards it reads on, backwards it begins anew. */
export class Standing {
  private at = 0;
  private reader: AnswerReader;
  private shown: Answer;

  constructor(private readonly whole: Answer) {
    this.reader = new AnswerReader(whole.id);
    this.shown = this.beginning();
  }

  /** The answer after the first *n* of *events*. */
  after(events: readonly RawEvent[], n: number): Answer {
    if (n < this.at) {
      this.at = 0;
      this.reader = new AnswerReader(this.whole.id);
      this.shown = this.beginning();
    }
    for (; this.at < n && this.at < events.length; this.at++) this.read(events[this.at]!);
    return this.shown;
  }

  private read({ name, data }: RawEvent): void {
    const { reader } = this;
    if (this.shown.state === "error" || reader.unreadable !== null) return;
    for (const op of reader.read(name, data)) this.shown = change(this.shown, op);
    const { error } = reader;
    if (error) this.shown = { ...this.shown, state: "error", error: { ...error, fault: this.whole.error?.fault ?? null } };
  }

  private beginning(): Answer {
    return { ...this.whole, state: "done", text: "", content_type: "text/markdown", replies: [], files: [], error: null, note: null };
  }
}
