/** What one view copies, and how it shows for a moment that it did. */

import type { Store } from "../store.ts";
import { NAMES } from "../strings.ts";
import { copy } from "./clipboard.ts";

const COPIED_MS = 1500;

export class Copying {
  /** The id or name of what was just copied. */
  copied: string | null = null;
  /** A key that the browser would not copy; shown in a field until it is left. */
  byHand: string | null = null;

  constructor(
    private readonly store: Store,
    private readonly soon: () => void,
    private readonly say: (words: string) => void,
  ) {}

  async text(what: string, text: string): Promise<void> {
    if (await copy(text)) this.done(what);
  }

  async key(kind: "key" | "address" = "key"): Promise<void> {
    const key = await this.store.bridge.key(kind);
    if (await copy(key)) this.done(kind === "key" ? NAMES.copyKey : NAMES.copyPublic);
    else this.show(key);
  }

  leaveByHand(): void {
    this.show(null);
  }

  /** The code beside a button that the transcript's blocks drew. */
  async code(button: HTMLElement): Promise<void> {
    const code = button.closest(".pb-codebox")?.querySelector("pre")?.textContent ?? "";
    if (!(await copy(code))) return;
    button.classList.add("pb-copied");
    button.setAttribute("aria-label", NAMES.copied);
    this.say(NAMES.copied);
    setTimeout(() => {
      button.classList.remove("pb-copied");
      button.setAttribute("aria-label", NAMES.copyCode);
    }, COPIED_MS);
  }

  private done(what: string): void {
    this.say(NAMES.copied);
    this.mark(what);
    setTimeout(() => this.copied === what && this.mark(null), COPIED_MS);
  }

  private mark(what: string | null): void {
    this.copied = what;
    this.soon();
  }

  private show(key: string | null): void {
    this.byHand = key;
    this.soon();
  }
}
