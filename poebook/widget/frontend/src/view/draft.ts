/** What stands in the box and is not sent yet; every view of a store shows the same. */

import type { Store } from "../store.ts";
import { fit, textBox } from "./composer.ts";

export class Draft {
  readonly box = textBox();

  constructor(private readonly store: Store) {
    this.box.value = store.draft;
    this.box.addEventListener("input", () => this.write(this.box.value));
  }

  write(text: string): void {
    if (this.box.value !== text) this.box.value = text;
    this.store.draft = text;
    fit(this.box);
    this.store.tell();
  }

  /** What another view, or the way back from a lost kernel, left as the draft. */
  take(): void {
    if (this.box.value === this.store.draft) return;
    this.box.value = this.store.draft;
    fit(this.box);
  }

  /** The text, and an empty box. */
  sent(): string {
    const text = this.box.value.trim();
    if (text !== "") this.write("");
    return text;
  }
}
