/** All that one widget model knows in the page; every view of the model shows the same store. */

import { Sync } from "./controls/sync.ts";
import type { Panel } from "./controls/types.ts";
import { travelling } from "./controls/values.ts";
import { Keep } from "./keep.ts";
import { Bridge, type Clock, type Link, type Model } from "./kernel/bridge.ts";
import type { Card, LatePart, Options, Reply, Wish } from "./kernel/messages.ts";
import { apply, type Answer, type Chat, type Op, type Upload, type Values } from "./state.ts";
import { HINT_HELD, isUp, wasRefused } from "./strings.ts";
import { Shelf } from "./uploads/shelf.ts";
import { Traces } from "./traces.ts";

/** A question on its way: sent, not yet shown by the kernel. */
export interface Pending {
  id: string;
  text: string;
  attachments: Upload[];
  parameters: Values;
  user: string | null;
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
  /** Which column a narrow output shows. */
  tab = 0;
  /** Whether columns scroll each by itself. */
  apart = false;
  /** Pictures that somebody asked to be loaded. */
  readonly loaded = new Set<string>();
  options: Options = {};
  readonly bridge: Bridge;
  /** The files beside the draft. */
  readonly shelf: Shelf;
  /** What is set for the next message. */
  readonly settings: Sync;
  /** A sentence that assistive technology should say at the next drawing. */
  saying: string | null = null;
  private readonly keep = new Keep();
  private written = "";
  private speaking: string | null = null;
  private held: { go: () => void; refused: number } | null = null;
  /** Parsed texts that are looked at; null is on its way. */
  private readonly parsed = new Map<string, string | null>();
  readonly traces = new Traces((question) => this.bridge.ask(question));
  private readonly began = new Map<string, number>();
  /** What the forks that began after a turn are called, the last of each. */
  readonly forks = new Map<string, string>();
  private readonly listeners = new Set<(reply: Reply) => void>();
  private readonly watchers = new Set<(ops: readonly Op[]) => void>();
  private readonly parts = new Map<string, Promise<DataView>>();

  constructor(model: Model) {
    this.bridge = new Bridge(
      model,
      {
        snapshot: ({ card, chat, options }) => {
          this.options = options ?? {};
          const first = chat !== null && chat.id !== this.chat?.id;
          this.card = card;
          this.chat = chat;
          this.ready = true;
          if (first) this.recover(chat.id);
          if (chat) this.settings.heard(chat.parameters);
          this.traces.askAgain();
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
          if (reply.kind === "upload") this.uploaded(reply.upload);
          if (reply.kind === "parsed" && this.parsed.has(reply.upload)) this.show(reply.upload, reply.text ?? "");
          if (reply.kind === "forked") this.forked(reply.turn, reply.name);
          if (this.traces.take(reply)) this.tell();
          for (const listener of this.listeners) listener(reply);
        },
        link: (link) => {
          this.link = link;
          if (link === "gone") {
            this.shelf.lost();
            this.takeBack();
            this.cutOff();
          }
          this.tell();
        },
      },
      clock,
    );
    this.settings = new Sync((values) => this.tellValues(values), () => this.tell(), clock);
    this.shelf = new Shelf(
      {
        announce: (upload, { name, type, size }) => this.bridge.ask({ kind: "upload", upload, name, type, size }),
        chunk: (upload, index, bytes) => this.bridge.ask({ kind: "chunk", upload, index }, [bytes]),
        drop: (upload) => void this.command({ kind: "drop_upload", upload }),
        listens: () => this.link === "live",
      },
      () => this.shelved(),
      clock,
    );
    this.bridge.hello();
  }

  /** What stands in the box; it is kept for the conversation. */
  get draft(): string {
    return this.written;
  }
  set draft(text: string) {
    this.written = text;
    this.save();
  }

  /** Who asks; null is the asker themselves. */
  get speaker(): string | null {
    return this.speaking;
  }
  set speaker(name: string | null) {
    this.speaking = name;
    this.save();
  }

  /** The panels of all bots. */
  get panels(): Panel[] {
    return (this.chat?.targets ?? []).flatMap((target) => (target.controls ? [target.controls as unknown as Panel] : []));
  }

  /** What the chips of files need. */
  readonly chips = {
    parsed: (id: string) => this.parsed.get(id),
    toggleParsed: (id: string) => this.toggleParsed(id),
    canRetry: (upload: Upload) => this.shelf.canRetry(upload),
    retry: (id: string) => this.shelf.retry(id),
    remove: (id: string) => this.shelf.remove(id),
  };

  /** Whether all bots take files. */
  get takesFiles(): boolean {
    return this.chat?.targets.every((target) => target.allow_attachments) ?? false;
  }

  /** Whether there is something to ask: words, or a file. */
  get sendable(): boolean {
    return this.written.trim() !== "" || this.shelf.uploads.some((one) => one.state !== "refused");
  }

  /** Whether a question waits for its files. */
  get holding(): boolean {
    return this.held !== null;
  }

  /** Ask as soon as the files are up; null keeps it here after all. */
  hold(go: (() => void) | null): void {
    this.held = go && { go, refused: this.shelf.refused };
    if (go) this.saying = HINT_HELD;
    this.tell();
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

  /** Whether a picture of another host may be fetched. */
  mayLoad(address: string): boolean {
    return this.options.load_images === true || this.loaded.has(address) || this.isOwn(address);
  }

  /** Whether it lies with the kernel itself, so that no other host is told of anything. */
  private isOwn(address: string): boolean {
    const places = this.options.own_files ?? [];
    return URL.canParse(address) && places.some((place) => new URL(address).href.startsWith(place));
  }

  private forked(turn: string, name: string): void {
    this.forks.set(turn, name);
    this.tell();
  }

  command(wish: Wish): string {
    return this.bridge.command(wish);
  }

  /** Ask; the question shows at once. */
  send(text: string, attachments: Upload[] = []): void {
    this.settings.flush();
    const user = this.speaking;
    const uploads = attachments.map((upload) => upload.id);
    const id = this.command({ kind: "send", text, uploads, ...(user !== null && { user }) });
    const parameters = travelling(this.panels, this.settings.values);
    this.pending = [...this.pending, { id, text, attachments, parameters, user }];
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
    if (op.op === "parameters") this.settings.heard(op.values);
    if (op.op === "turn") {
      const asked = this.pending.findIndex((one) => one.text === op.text);
      this.pending = this.pending.filter((_, index) => index !== asked);
      op.answers.forEach((answer) => this.time(answer));
    } else if (op.op === "path") for (const turn of op.turns) for (const answer of turn.answers) this.time(answer);
  }

  private time(answer: Answer): void {
    if (answer.state === "streaming") this.began.set(answer.id, performance.now() - answer.elapsed_s * 1000);
  }

  private toggleParsed(id: string): void {
    if (!this.parsed.delete(id)) {
      this.parsed.set(id, null);
      this.bridge.ask({ kind: "parsed", upload: id });
    }
    this.tell();
  }

  private show(upload: string, text: string): void {
    this.parsed.set(upload, text);
    this.tell();
  }

  private tellValues(values: Values): Values {
    const travels = travelling(this.panels, values);
    this.command({ kind: "parameters", values: travels });
    return travels;
  }

  /** What an earlier view of the conversation left as its draft. */
  private recover(conversation: string): void {
    const { text, uploads, user } = this.keep.load(conversation);
    this.written ||= text;
    this.speaking ??= user;
    this.shelf.putBack(uploads);
  }

  private save(): void {
    if (this.chat) this.keep.save(this.chat.id, { text: this.written, uploads: [...this.shelf.uploads], user: this.speaking });
  }

  private uploaded(upload: Upload): void {
    const before = this.shelf.uploads.find((one) => one.id === upload.id)?.state;
    this.shelf.heard(upload);
    if (before === undefined || before === upload.state) return;
    if (upload.state === "ready") this.saying = isUp(upload.name);
    if (upload.state === "refused") this.saying = wasRefused(upload.name, upload.problem ?? "");
  }

  private shelved(): void {
    this.save();
    const { held } = this;
    if (held && !this.shelf.waiting) {
      this.held = null;
      if (this.shelf.refused <= held.refused) held.go(); // a file that did not make it is not left behind unseen
    }
    this.tell();
  }

  /** What the kernel was saying ends where it was. */
  private cutOff(): void {
    for (const answer of this.chat?.turns.flatMap((turn) => turn.answers) ?? []) {
      const { id, state, error, note, first_event_s, event_count } = answer;
      if (state === "streaming") this.fold({ op: "end", id, state: "stopped", error, note, first_event_s, total_s: this.elapsed(answer), event_count });
    }
  }

  /** What the kernel will never take goes back into the box. */
  private takeBack(): void {
    const lost = this.pending;
    this.pending = [];
    if (lost.length) this.draft = [...lost.map((one) => one.text), this.draft].filter(Boolean).join("\n");
    this.shelf.putBack(lost.flatMap((one) => one.attachments));
  }
}
