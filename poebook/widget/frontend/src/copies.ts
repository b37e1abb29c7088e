/** The newest copy of a conversation, on its way into the notebook: a long one costs the page a good part of a second
 *  there, so it is put in its place while nobody does anything, or when the notebook is saved. A copy in mid-answer is
 *  there for a kernel that does not live to the answer's end: until then it disturbs nobody. */

import type { Changes } from "./kernel/messages.ts";
import type { Mime, Notebook, Place } from "./kernel/notebook.ts";
import { Saving, type Talk } from "./saving.ts";

/** Copies below this are put in their place at once. */
const SMALL = 50_000;
const QUIET_MS = 2000;
const LOOK_MS = 500;
const AT_LATEST_MS = 30_000;
const EDITION = /^<div class="poebook-saved [^"]*" data-edition="(\d+)"/;
const HANDS = ["keydown", "pointerdown", "pointermove", "wheel"];

export class Copies {
  private newest: { edition: number; data: Mime } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private since = 0;
  private moved = 0;
  private readonly saving: Saving;
  private readonly hand = () => void (this.moved = performance.now());

  constructor(
    private readonly notebook: Notebook,
    private readonly mark: string,
    private readonly talk: Talk,
  ) {
    this.saving = new Saving(notebook, () => this.first(), talk);
    for (const name of HANDS) addEventListener(name, this.hand, { capture: true, passive: true });
  }

  /** Whether the notebook shows a copy that is older. */
  isBehind(edition: number): boolean {
    return (this.newest?.edition ?? -1) < edition && this.older(edition).length > 0;
  }

  /** The copy as a whole. */
  take(edition: number, data: Mime): void {
    if ((this.newest?.edition ?? -1) >= edition || this.older(edition).length === 0) return;
    this.newest = { edition, data };
    this.saving.waits();
    if ((isSmall(data) && !isUnfinished(data)) || this.saving.owes) return this.put();
    if (this.timer !== undefined) return;
    this.since = performance.now();
    this.look();
  }

  /** Put what is there in its place: nothing more will come. */
  close(): void {
    this.put();
  }

  /** What has changed since an edition; false where that edition is not at hand. */
  change(edition: number, since: number, changes: Changes): boolean {
    const old = this.newest?.edition === since ? this.newest.data : this.places.find((place) => editionOf(place) === since)?.data;
    if (old === undefined) return false;
    this.take(edition, changed(old, changes));
    return true;
  }

  end(): void {
    this.saving.end();
    this.put();
    for (const name of HANDS) removeEventListener(name, this.hand, { capture: true });
  }

  private get places(): Place[] {
    return this.notebook.places(this.mark);
  }

  private older(edition: number): Place[] {
    return this.places.filter((place) => editionOf(place) < edition);
  }

  private look(): void {
    const now = performance.now();
    const forced = now - this.since >= AT_LATEST_MS && this.newest !== null && !isUnfinished(this.newest.data);
    const quiet = !this.talk.busy() && now - Math.max(this.moved, this.since) >= QUIET_MS;
    if (quiet || document.hidden || forced) this.put();
    else this.timer = setTimeout(() => this.look(), LOOK_MS);
  }

  /** Before the notebook's file is written. */
  private first(): void {
    const data = this.newest?.data;
    if (!data || isSmall(data) || !isUnfinished(data) || !this.talk.busy()) this.put();
  }

  private put(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { newest } = this;
    this.newest = null;
    if (newest === null) return;
    for (const place of this.older(newest.edition)) place.put(newest.data);
    this.saving.placed();
  }
}

/** *old* with its changes. */
export function changed(old: Mime, changes: Changes): Mime {
  return Object.fromEntries(
    Object.entries(changes).map(([type, [before, from, to, after]]) => [type, before + (old[type] ?? "").slice(from, to) + after]),
  );
}

function isSmall(data: Mime): boolean {
  return Object.values(data).reduce((sum, text) => sum + text.length, 0) < SMALL;
}

function isUnfinished(data: Mime): boolean {
  return data["text/html"]?.includes('data-state="streaming"') ?? false;
}

function editionOf({ html }: Place): number {
  return Number(EDITION.exec(html)?.[1] ?? -1);
}
