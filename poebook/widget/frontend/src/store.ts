/** All that one widget model knows in the page; every view of the model shows the same store. */

import { Bridge, type Clock, type Link, type Model } from "./kernel/bridge.ts";
import type { Card, LatePart, Reply, Wish } from "./kernel/messages.ts";
import { apply, type Answer, type Chat, type Op } from "./state.ts";

/** A question on its way: sent, not yet shown by the kernel. */
export interface Pending {
  id: string;
  text: string;
}

const clock: Clock = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export class Store {
  card: Card | null = null;
  chat: Chat | null = null;
  ready = false;
  link: Link = "waiting";
  pending: Pending[] = [];
  draft = "";
  /** Which column a narrow output shows. */
  tab = 0;
  /** Pictures that somebody asked to be loaded. */
  readonly loaded = new Set<string>();
  readonly bridge: Bridge;
  private readonly began = new Map<string, number>();
  private readonly listeners = new Set<(reply: Reply) => void>();
  private readonly watchers = new Set<(ops: readonly Op[]) => void>();
  private readonly parts = new Map<string, Promise<DataView>>();

  constructor(model: Model) {
    this.bridge = new Bridge(
      model,
      {
        snapshot: ({ card, chat }) => {
          this.card = card;
          this.chat = chat;
          this.ready = true;
          this.pending = this.pending.filter((one) => !this.bridge.taken(one.id));
          for (const turn of chat?.turns ?? []) for (const answer of turn.answers) this.time(answer);
          this.tell();
        },
        batch: ({ ops }) => {
          for (const op of ops) this.fold(op);
          this.tell(ops);
        },
        card: ({ card }) => {
          this.card = card;
          this.tell();
        },
        reply: (reply) => {
          for (const listener of this.listeners) listener(reply);
        },
        link: (link) => {
          this.link = link;
          if (link === "gone") this.takeBack();
          this.tell();
        },
      },
      clock,
    );
    this.bridge.hello();
  }

  /** Be told of changes; the return value ends that. */
  watch(watcher: (ops: readonly Op[]) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Hear what the kernel says of single things. */
  hear(listener: (reply: Reply) => void): void {
    this.listeners.add(listener);
  }

  tell(ops: readonly Op[] = []): void {
    for (const watcher of this.watchers) watcher(ops);
  }

  command(wish: Wish): string {
    return this.bridge.command(wish);
  }

  /** Ask; the question shows at once. */
  send(text: string): void {
    const id = this.command({ kind: "send", text, uploads: [] });
    this.pending = [...this.pending, { id, text }];
    this.tell();
  }

  /** Seconds since an answer was asked for. */
  elapsed(answer: Answer): number {
    const began = this.began.get(answer.id);
    return began === undefined ? answer.elapsed_s : (performance.now() - began) / 1000;
  }

  /** The code of a late part, asked for once. */
  part(name: LatePart): Promise<DataView> {
    const code = this.parts.get(name) ?? this.bridge.part(name);
    this.parts.set(name, code);
    return code;
  }

  private fold(op: Op): void {
    if (!this.chat) return;
    this.chat = apply(this.chat, op);
    if (op.op === "turn") {
      const asked = this.pending.findIndex((one) => one.text === op.text);
      this.pending = this.pending.filter((_, index) => index !== asked);
      op.answers.forEach((answer) => this.time(answer));
    } else if (op.op === "path") for (const turn of op.turns) for (const answer of turn.answers) this.time(answer);
    else if (op.op === "answer") this.time(op.answer);
  }

  private time(answer: Answer): void {
    if (answer.state === "streaming") this.began.set(answer.id, performance.now() - answer.elapsed_s * 1000);
  }

  /** What the kernel will never take goes back into the box. */
  private takeBack(): void {
    const lost = this.pending.map((one) => one.text);
    this.pending = [];
    if (lost.length) this.draft = [...lost, this.draft].filter(Boolean).join("\n");
  }
}
