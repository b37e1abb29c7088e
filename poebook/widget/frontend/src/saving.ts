/** The notebook's file and the newest copy of a conversation: whoever saves before the kernel has made the copy of the
 *  last answer finds that in the file all the same, as the notebook is saved once more when the copy is there. */

import type { Notebook } from "./kernel/notebook.ts";

const OWES_MS = 5000; // a kernel makes a copy in less

/** How far the conversation on the page is. */
export interface Talk {
  /** Whether an answer is under way. */
  busy(): boolean;
  /** Names the answers that were asked for last. */
  last(): string;
}

export class Saving {
  private until = 0;
  private last = "";
  private writing = false;
  private late = false; // whether the file is written without what came in the meantime
  private due = false;
  private ours = false;
  private readonly leave: () => void;

  /** *first* is done before the file is written. */
  constructor(
    private readonly notebook: Notebook,
    private readonly first: () => void,
    private readonly talk: Talk,
  ) {
    this.leave = notebook.onSave((state) => (state === "started" ? this.begun() : this.written(state !== "failed")));
  }

  /** Whether the copy that comes now belongs to the save before it. */
  get owes(): boolean {
    return performance.now() < this.until && this.talk.last() === this.last;
  }

  /** A copy waits for its place. */
  waits(): void {
    this.notebook.behind();
    this.late ||= this.writing;
  }

  /** A copy was put in its place. */
  placed(): void {
    this.late ||= this.writing;
    if (!this.writing && this.owes) this.again();
  }

  end(): void {
    this.until = 0;
    this.leave();
  }

  private begun(): void {
    this.first();
    this.writing = true;
    this.late = this.due = false;
    this.until = this.ours || this.talk.busy() ? 0 : performance.now() + OWES_MS;
    this.last = this.talk.last();
  }

  private written(well: boolean): void {
    this.writing = false;
    if (!well || !this.late) return;
    this.notebook.behind(); // which the end of a save takes back
    if (this.owes) this.again();
  }

  /** Save once, however many conversations ask for it. */
  private again(): void {
    this.due = true;
    queueMicrotask(() => {
      if (!this.due) return;
      this.ours = true;
      void this.notebook.save().then(() => (this.ours = false));
    });
  }
}
