/** Files on their way to the kernel: announced first, then in chunks, of which few are unanswered at any moment. */

import type { Clock } from "../kernel/bridge.ts";
import type { Upload } from "../state.ts";

/** Far below what one message may have, and under "256 kB" however one counts. */
export const CHUNK = 256_000;
export const UNANSWERED = 4;
const PATIENCE_MS = 120_000; // a cell may run that long before a kernel of the older kind hears anything

/** What is needed of a file; a browser's `File` has it. */
export interface Source {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** The way to the kernel. */
export interface Way {
  announce(id: string, source: Source): void;
  chunk(id: string, index: number, bytes: ArrayBuffer): void;
  drop(id: string): void;
  /** An upload came to an end that the kernel does not know of. */
  failed(upload: Upload): void;
  /** Whether the kernel is there and listens; a busy one may take its time. */
  listens(): boolean;
}

interface Running {
  upload: Upload;
  source: Source;
  announced: boolean;
  /** Chunks read or sent, and those that the kernel has. */
  sent: number;
  taken: number;
  /** Settles when the last chunk that was begun has gone: they go in order, however long each takes to read. */
  last: Promise<void>;
}

export class Transfer {
  private readonly running = new Map<string, Running>();
  private turn = 0;
  private asleep: (() => void) | null = null;

  constructor(
    private readonly way: Way,
    private readonly clock: Clock,
    private readonly cutOff: string,
  ) {}

  /** Begin; nothing of the file travels before the kernel has agreed to its size. */
  begin(upload: Upload, source: Source): void {
    this.running.set(upload.id, { upload, source, announced: false, sent: 0, taken: 0, last: Promise.resolve() });
    this.way.announce(upload.id, source);
    this.wait();
  }

  /** What the kernel says of an upload. */
  heard(upload: Upload): void {
    const one = this.running.get(upload.id);
    if (!one) return;
    one.upload = upload;
    one.announced = true;
    one.taken = Math.max(one.taken, Math.ceil(upload.received / CHUNK));
    if (upload.state !== "receiving") this.running.delete(upload.id);
    this.wait();
    this.pump();
  }

  /** Give one up. */
  drop(id: string): void {
    if (this.running.delete(id)) this.wait();
    this.way.drop(id);
    this.pump();
  }

  /** The kernel is gone, or says nothing any more: nothing of this will arrive. */
  lost(): void {
    for (const one of [...this.running.values()]) this.fail(one);
    this.wait();
  }

  /** Send what may be sent, taking turns between files. */
  private pump(): void {
    for (;;) {
      const all = [...this.running.values()];
      const unanswered = all.reduce((sum, one) => sum + one.sent - one.taken, 0);
      const open = all.filter((one) => one.announced && one.sent < chunks(one.source));
      if (unanswered >= UNANSWERED || open.length === 0) return;
      this.send(open[this.turn++ % open.length]!);
    }
  }

  private send(one: Running): void {
    const index = one.sent++;
    const read = one.source.slice(index * CHUNK, (index + 1) * CHUNK).arrayBuffer().catch(() => null);
    one.last = one.last.then(async () => {
      const bytes = await read;
      if (this.running.get(one.upload.id) !== one) return;
      if (bytes === null) this.fail(one); // changed or deleted on the disk meanwhile
      else this.way.chunk(one.upload.id, index, bytes);
    });
  }

  private fail(one: Running): void {
    this.running.delete(one.upload.id);
    this.way.drop(one.upload.id);
    this.way.failed({ ...one.upload, state: "refused", problem: this.cutOff });
    this.pump();
  }

  /** A kernel that listens and yet says nothing for long has lost what was sent. */
  private wait(): void {
    this.asleep?.();
    this.asleep = null;
    if (this.running.size === 0) return;
    this.asleep = this.clock.after(PATIENCE_MS, () => {
      this.asleep = null;
      if (this.way.listens()) this.lost();
      else this.wait();
    });
  }
}

/** An empty file has one chunk too, with nothing in it. */
function chunks(source: Source): number {
  return Math.max(1, Math.ceil(source.size / CHUNK));
}
