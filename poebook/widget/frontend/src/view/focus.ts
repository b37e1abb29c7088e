/** Where the keyboard is: what is drawn anew must not lose it. */

import { NAMES } from "../strings.ts";

export class Focus {
  /** Whether somebody asked for an answer again, and should find the button afterwards. */
  returning = false;
  private column: number | null = null;
  private wanted: ((root: HTMLElement) => HTMLElement | null) | null = null;
  private moved = false;
  private inside = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly box: HTMLElement,
  ) {}

  /** After Retry or Regenerate: to Stop, then back. *column* is null where there is one bot. */
  follow(column: number | null): void {
    this.returning = true;
    this.column = column;
    this.moved = false;
  }

  /** Once the next drawing is done: to what *find* gives, else to the box. */
  next(find: (root: HTMLElement) => HTMLElement | null): void {
    this.wanted = find;
  }

  before(): void {
    this.inside = this.root.contains(document.activeElement);
  }

  after(streaming: boolean): void {
    if (this.wanted) {
      const find = this.wanted;
      this.wanted = null;
      return this.take(find(this.root));
    }
    const lost = this.inside && !this.root.contains(document.activeElement);
    if (this.returning && streaming && !this.moved) {
      this.moved = true;
      this.take(this.stop());
    } else if (this.returning && !streaming && this.moved) {
      this.returning = false;
      if (lost) this.take(this.again());
    } else if (lost) this.take(this.box);
  }

  private take(element: HTMLElement | null | undefined): void {
    (element ?? this.box).focus({ preventScroll: true });
  }

  private stop(): HTMLElement | null | undefined {
    return this.column === null ? this.root.querySelector<HTMLElement>(".pb-stop") : this.toggle();
  }

  private again(): HTMLElement | null | undefined {
    if (this.column !== null) return this.toggle();
    return [...this.root.querySelectorAll<HTMLElement>(`[aria-label="${NAMES.regenerate}"]`)].at(-1);
  }

  private toggle(): HTMLElement | null | undefined {
    const last = [...this.root.querySelectorAll(".pb-cols")].at(-1);
    return last?.children[this.column ?? 0]?.querySelector<HTMLElement>(".pb-line button");
  }
}
