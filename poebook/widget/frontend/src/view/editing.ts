/** A question that is being worded anew, in its own place. */

import type { Turn } from "../state.ts";
import { NAMES } from "../strings.ts";
import { fit, textBox } from "./composer.ts";
import type { Desk } from "./desk.ts";

export interface Edit {
  turn: string;
  box: HTMLTextAreaElement;
}

export class Editing {
  /** The one edit that is open in this view. */
  open: Edit | null = null;
  private fromBox = false;

  constructor(private readonly desk: Desk) {}

  /** Turn a question into a box; *fromBox* when the composer's box is to have the keyboard back. */
  begin(turn: Turn, fromBox = false): void {
    const box = textBox();
    box.value = turn.text;
    box.setAttribute("aria-label", NAMES.editBox);
    box.addEventListener("input", () => {
      fit(box);
      this.desk.soon();
    });
    this.open = { turn: turn.id, box };
    this.fromBox = fromBox;
    this.desk.focus.next(() => {
      fit(box);
      box.setSelectionRange(box.value.length, box.value.length);
      box.form?.scrollIntoView({ block: "nearest" });
      return box;
    });
    this.desk.soon();
  }

  /** The last question, from the empty box below it; whether there was one. */
  last(): boolean {
    const turn = this.desk.store.chat?.turns.at(-1);
    if (!turn || this.desk.store.link === "gone") return false;
    this.begin(turn, true);
    return true;
  }

  cancel(): void {
    const { turn } = this.open!;
    this.close();
    const edit = `[data-turn="${CSS.escape(turn)}"] [aria-label="${NAMES.edit}"]`;
    this.desk.focus.next((root) => (this.fromBox ? null : root.querySelector<HTMLElement>(edit)));
  }

  send(): void {
    const { store, scroll, focus } = this.desk;
    const { turn, box } = this.open!;
    const text = box.value.trim();
    if (text === "" || store.link === "gone") return;
    this.close();
    scroll.toEnd();
    store.command({ kind: "edit", turn, text });
    focus.next(() => null);
  }

  /** What a key does in the box; whether it did anything. */
  key(event: KeyboardEvent): boolean {
    if (!this.open || event.target !== this.open.box) return false;
    if (event.key === "Enter" && !event.shiftKey) this.send();
    else if (event.key === "Escape") this.cancel();
    else return false;
    event.preventDefault();
    return true;
  }

  /** An edit of a question that is no longer shown is over. */
  settle(): void {
    if (this.open && !this.desk.store.chat?.turns.some((turn) => turn.id === this.open?.turn)) this.open = null;
  }

  private close(): void {
    this.open = null;
    this.desk.soon();
  }
}
