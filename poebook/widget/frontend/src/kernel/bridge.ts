/** The only door to the kernel. Inwards: numbered messages in order, pieces joined, a gap asked for again.
 *  Outwards: commands, each told to be taken; what the kernel leaves lying is reported as busy. */

import type { Command, FromKernel, LatePart, Question, Reply, Snapshot, ToKernel, Wish } from "./messages.ts";
import { Notebook } from "./notebook.ts";
import { Pieces } from "./pieces.ts";

/** What anywidget gives of the model; `widget_manager` belongs to the front end and may be anything. */
export interface Model {
  get(name: string): unknown;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): unknown;
  on(name: string, listener: (...args: never[]) => void): void;
  off(name: string, listener: (...args: never[]) => void): void;
  widget_manager?: unknown;
}

export type Link = "waiting" | "live" | "busy" | "gone";

export interface Clock {
  after(ms: number, run: () => void): () => void;
}

export interface Ears {
  snapshot(message: Snapshot): void;
  batch(message: Extract<FromKernel, { kind: "batch" }>): void;
  card(message: Extract<FromKernel, { kind: "card" }>): void;
  reply(message: Reply): void;
  link(link: Link): void;
}

const BUSY_AFTER = 700;
const ASK_AGAIN_AFTER = 1500;
const ASK_AGAIN_AT_MOST = 60_000; // what a busy kernel has not read yet waits for it

interface Kernel {
  status?: string;
  statusChanged?: { connect(slot: (sender: unknown, status: string) => void): unknown };
  disposed?: { connect(slot: () => void): unknown };
}

const GONE = new Set(["dead", "terminating"]);

export class Bridge {
  link: Link = "waiting";
  private seq: number | null = null;
  private asking: (() => void) | null = null;
  private patience = ASK_AGAIN_AFTER;
  private readonly pieces = new Pieces();
  private readonly unheard = new Map<string, () => void>();
  private readonly late = new Set<string>();
  private readonly keys = new Map<string, (key: string) => void>();
  private readonly parts = new Map<string, (code: DataView) => void>();
  private count = 0;

  constructor(
    private readonly model: Model,
    private readonly ears: Ears,
    private readonly clock: Clock,
    private readonly name: string = Math.random().toString(36).slice(2, 8),
  ) {
    model.on("msg:custom", ((message: FromKernel, buffers: DataView[]) => this.hear(message, buffers)) as never);
    model.on("comm_live_update", (() => this.become("gone")) as never);
    this.kernel?.statusChanged?.connect((_, status) => GONE.has(status) && this.become("gone"));
    this.kernel?.disposed?.connect(() => this.become("gone")); // shut down, by its menu or from elsewhere
  }

  /** Ask for everything as it stands; again until it comes. */
  hello(): void {
    if (this.asking || this.link === "gone") return;
    this.post(Notebook.of(this.model) ? { kind: "hello", keeps: true } : { kind: "hello" });
    this.wait();
  }

  /** Tell the kernel what is wanted; the id under which it will be taken. */
  command(wish: Wish): string {
    const id = `${this.name}-${++this.count}`;
    this.unheard.set(id, this.clock.after(BUSY_AFTER, () => {
      this.late.add(id);
      if (this.link === "live") this.become("busy");
    }));
    this.post({ ...wish, id } as Command);
    return id;
  }

  /** Whether the kernel has taken a command. */
  taken(id: string): boolean {
    return !this.unheard.has(id);
  }

  /** Ask for one thing; the reply is heard when it comes. */
  ask(question: Question, buffers?: ArrayBuffer[]): void {
    this.post(question, buffers);
  }

  /** The bot's key, or its whole address, once, for the clipboard. */
  key(kind: "key" | "address" = "key"): Promise<string> {
    const nonce = `${this.name}-${++this.count}`;
    return new Promise((resolve) => {
      this.keys.set(nonce, resolve);
      this.post({ kind, nonce });
    });
  }

  /** The code of a late part. */
  part(name: LatePart): Promise<DataView> {
    return new Promise((resolve) => {
      this.parts.set(name, resolve);
      this.post({ kind: "part", name });
    });
  }

  /** Ask again when nothing comes. */
  private wait(): void {
    this.asking?.();
    this.asking = this.clock.after(this.patience, () => {
      this.asking = null;
      this.patience = Math.min(2 * this.patience, ASK_AGAIN_AT_MOST);
      const kernel = this.kernel;
      if (kernel === null || GONE.has(kernel?.status ?? "")) this.become("gone");
      else if (this.seq === null && this.link === "waiting") this.become("busy");
      this.hello();
    });
  }

  private hear(message: FromKernel, buffers: DataView[]): void {
    switch (message.kind) {
      case "piece": {
        const whole = this.pieces.take(message) as FromKernel | undefined;
        if (whole) this.hear(whole, buffers);
        else if (this.asking) this.wait(); // it is on its way
        return;
      }
      case "snapshot":
        this.asking?.();
        this.asking = null;
        this.patience = ASK_AGAIN_AFTER;
        this.pieces.clear();
        this.seq = message.seq;
        if (this.link !== "gone") this.become(this.late.size ? "busy" : "live");
        this.ears.snapshot(message);
        return;
      case "batch":
      case "card":
        if (this.seq === null || message.seq <= this.seq) return;
        if (message.seq !== this.seq + 1) {
          this.seq = null;
          this.hello();
          return;
        }
        this.seq = message.seq;
        if (message.kind === "batch") this.ears.batch(message);
        else this.ears.card(message);
        return;
      case "ack":
        this.unheard.get(message.id)?.();
        this.unheard.delete(message.id);
        this.late.delete(message.id);
        if (this.late.size === 0 && this.link === "busy") this.become("live");
        return;
      case "key":
        this.keys.get(message.nonce)?.(message.key);
        this.keys.delete(message.nonce);
        return;
      case "part":
        if (buffers[0]) this.parts.get(message.name)?.(buffers[0]);
        this.parts.delete(message.name);
        return;
      default:
        this.ears.reply(message);
    }
  }

  private post(message: ToKernel, buffers?: ArrayBuffer[]): void {
    try {
      if (buffers) this.model.send(message, undefined, buffers);
      else this.model.send(message);
    } catch {
      this.become("gone");
    }
  }

  private become(link: Link): void {
    if (this.link === link || this.link === "gone") return;
    this.link = link;
    if (link === "gone") {
      for (const forget of this.unheard.values()) forget();
      this.asking?.();
      this.asking = null;
    }
    this.ears.link(link);
  }

  /** The front end's connection to the kernel; undefined where it shows none, null where there is none. */
  private get kernel(): Kernel | null | undefined {
    const manager = this.model.widget_manager as { kernel?: Kernel | null } | undefined;
    return manager && "kernel" in manager ? manager.kernel : undefined;
  }
}
