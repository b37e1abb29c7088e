/** The texts of all answers that a view shows, each read once. */

import type { Child } from "../dom/vnode.ts";
import type { Show } from "../markdown/inline.ts";
import { GrowingText } from "../markdown/text.ts";
import { CARET } from "../markdown/caret.ts";
import type { Answer } from "../state.ts";

export class Texts {
  private readonly growing = new Map<string, { text: GrowingText; files: number }>();

  constructor(private readonly show: Show) {}

  /** What an answer's text looks like now. */
  of(answer: Answer): Child[] {
    const open = answer.state === "streaming";
    if (answer.content_type === "text/plain") return open ? [answer.text, CARET] : [answer.text].filter(Boolean);
    let kept = this.growing.get(answer.id);
    if (!kept) this.growing.set(answer.id, (kept = { text: new GrowingText(this.show), files: -1 }));
    if (kept.files !== answer.files.length) {
      kept.files = answer.files.length;
      kept.text.reset(answer.files);
    }
    return kept.text.blocks(answer.text, open);
  }

  /** A text that never grows. */
  once(text: string): Child[] {
    return new GrowingText(this.show).blocks(text, false);
  }

  /** Read everything again, as when colours or pictures have become known. */
  forget(): void {
    this.growing.clear();
  }
}
