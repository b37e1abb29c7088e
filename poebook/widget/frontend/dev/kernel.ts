/** A kernel that exists only in the page: it plays scenes, answers commands, and can be busy or gone. */

import type { Model } from "../src/kernel/bridge.ts";
import type { Card, Command, FromKernel, Options, RawEvent, ToKernel, Trace } from "../src/kernel/messages.ts";
import { apply, type Answer, type Chat, type End, type Op } from "../src/state.ts";
import { aTurn, fresh } from "./make.ts";
import { anew, Tree } from "./tree.ts";
import { FakeUploads } from "./uploads.ts";

export interface Script {
  /** Characters each 20 ms. */
  pace: number;
  text(question: string, target: number): string;
  replies?: string[];
  end?: Partial<End>;
  /** Files whose chunks are left unanswered after that share of their bytes. */
  stall?: Record<string, number>;
}

export class FakeKernel implements Model {
  busy = false;
  private seq = 0;
  private count = 0;
  private listeners: Record<string, ((...args: never[]) => void)[]> = {};
  private waiting: ToKernel[] = [];
  private readonly tree: Tree;
  private readonly uploads: FakeUploads;
  private readonly buffers = new Map<unknown, ArrayBuffer>();
  private streams = new Map<number, { id: string; timer: ReturnType<typeof setInterval>; began: number; first: number }>();

  constructor(
    private readonly id: string,
    public chat: Chat | null,
    public card: Card | null,
    private readonly script: Script,
    private readonly part: (name: string) => Promise<ArrayBuffer>,
    private readonly traces: Record<string, Trace> = {},
    others: Record<string, Chat["turns"]> = {},
    private readonly options: Options = {},
  ) {
    this.tree = new Tree(chat?.turns ?? [], others);
    if (chat) this.chat = { ...chat, turns: this.tree.path };
    this.uploads = new FakeUploads((upload) => this.post({ kind: "upload", upload }), { ms: 40, stall: script.stall ?? {} });
  }

  get(name: string): unknown {
    return name === "chat_id" ? this.id : undefined;
  }
  on(name: string, listener: (...args: never[]) => void): void {
    (this.listeners[name] ??= []).push(listener);
  }
  off(): void {}

  send(message: unknown, _callbacks?: unknown, buffers?: ArrayBuffer[]): void {
    if (buffers?.[0]) this.buffers.set(message, buffers[0]);
    this.waiting.push(message as ToKernel);
    queueMicrotask(() => this.work());
  }

  setBusy(busy: boolean): void {
    this.busy = busy;
    this.work();
  }

  die(): void {
    for (const listener of this.listeners["comm_live_update"] ?? []) listener();
  }

  emit(...ops: Op[]): void {
    for (const op of ops) if (this.chat) this.chat = apply(this.chat, op);
    if (this.chat) this.tree.take(this.chat.turns);
    this.post({ kind: "batch", seq: ++this.seq, ops });
  }

  private work(): void {
    while (!this.busy && this.waiting.length) this.hear(this.waiting.shift()!);
  }

  private hear(message: ToKernel): void {
    if (message.kind === "hello") return this.post({ kind: "snapshot", seq: this.seq, card: this.card, chat: this.chat, options: this.options });
    if (message.kind === "key" || message.kind === "address") return this.post({ kind: "key", key: "k".repeat(32), nonce: message.nonce });
    if (message.kind === "part") {
      void this.part(message.name).then((code) => this.post({ kind: "part", name: message.name }, [new DataView(code)]));
      return;
    }
    if (message.kind === "trace") return this.trace(message.answer, message.from);
    if (message.kind === "parsed") return this.post({ kind: "parsed", upload: message.upload, text: this.parsed(message.upload) });
    if (message.kind === "upload" || message.kind === "chunk") {
      this.uploads.hear(message, this.buffers.get(message));
      this.buffers.delete(message);
      return;
    }
    this.post({ kind: "ack", id: message.id });
    this.obey(message);
  }

  private parsed(upload: string): string | null {
    const attached = this.chat?.turns.flatMap((turn) => turn.attachments).find((one) => one.id === upload);
    return attached?.problem ? null : this.uploads.parsed(upload);
  }

  private trace(answer: string, from: number): void {
    const trace = this.traces[answer];
    if (trace) this.post({ kind: "trace", answer, trace: { ...trace, from, events: trace.events.filter((event) => event.n >= from) } });
  }

  private obey(command: Command): void {
    const chat = this.chat!;
    const all = chat.targets.map((_, index) => index);
    const index = "turn" in command ? chat.turns.findIndex((turn) => turn.id === command.turn) : -1;
    switch (command.kind) {
      case "send": {
        const user = command.user ?? null;
        const turn = { ...this.turn(command.text, all), attachments: this.uploads.taken(command.uploads), parameters: chat.parameters, user };
        if (user !== null && !chat.users.includes(user)) this.emit({ op: "users", users: [...chat.users, user] });
        this.tree.append(turn);
        this.emit({ op: "turn", ...this.tree.path.at(-1)! });
        return this.start(turn.text, turn.answers);
      }
      case "edit": {
        const turn = this.turn(command.text, all);
        this.tree.beside(index, turn);
        this.path(index);
        return this.start(turn.text, turn.answers);
      }
      case "regenerate": {
        const last = chat.turns.at(-1)!;
        const targets = command.target === undefined ? all : [command.target];
        const answers = anew(last, targets, (target) => this.answer(target));
        this.tree.beside(chat.turns.length - 1, { ...last, answers });
        this.path(chat.turns.length - 1);
        return this.start(last.text, answers.filter((one) => targets.includes(one.target)));
      }
      case "resend": {
        const at = chat.turns.findIndex((turn) => turn.answers.some((one) => one.id === command.answer));
        const turn = this.turn(chat.turns[at]!.text, all);
        this.tree.beside(at, turn);
        this.path(at);
        return this.start(turn.text, turn.answers);
      }
      case "branch":
        this.tree.choose(index, command.to);
        return this.path(index);
      case "undo":
        return this.path(this.tree.undo());
      case "fork":
        return this.post({ kind: "forked", turn: command.turn, name: "fork-1" });
      case "stop":
        for (const target of command.target === undefined ? all : [command.target]) this.finish(target, "stopped");
        return;
      case "new":
        for (const target of all) this.finish(target, "stopped");
        this.tree.clear();
        return this.emit({ op: "clear" });
      case "feedback":
        return this.emit({ op: "feedback", id: command.answer, feedback: command.feedback, reason: command.reason ?? null });
      case "reaction": {
        const had = chat.turns.flatMap((turn) => turn.answers).find((one) => one.id === command.answer)?.reactions ?? [];
        const reactions = had.filter((one) => one !== command.reaction);
        return this.emit({ op: "reactions", id: command.answer, reactions: command.on ? [...reactions, command.reaction] : reactions });
      }
      case "pick": {
        const before = chat.turns[index]!.answers.find((one) => one.picked)?.target;
        const wins = (target: number) => Number(target === command.target) - Number(target === before);
        return this.emit(
          { op: "picked", turn: command.turn, target: command.target },
          { op: "targets", targets: chat.targets.map((target, at) => ({ ...target, wins: target.wins + wins(at) })) },
        );
      }
      case "drop_upload":
        return this.uploads.drop(command.upload);
      case "parameters":
        return this.emit({ op: "parameters", values: command.values });
    }
  }

  private turn(text: string, targets: number[]) {
    return aTurn(`t-${++this.count}`, text, targets.map((target) => this.answer(target)));
  }

  private answer(target: number): Answer {
    const id = `a-${++this.count}`;
    this.traces[id] = {
      target: this.chat!.targets[target]!.name, where: this.chat!.targets[target]!.where, method: "POST", url: "http://127.0.0.1:8080/almanac",
      headers: { Authorization: "Bearer ••••", "Content-Type": "application/json" }, body: JSON.stringify({ version: "1.1", type: "query" }, null, 2),
      curl: "curl http://127.0.0.1:8080/almanac", status: 200, from: 1, events: [], log: [], fault: null, first_event_s: null, total_s: null, calls: [],
    };
    return fresh(id, target);
  }

  private start(question: string, answers: Answer[]): void {
    for (const answer of answers) this.stream(question, answer);
  }

  /** Show the path from turn *from* on. */
  private path(from: number): void {
    this.emit({ op: "path", from, turns: this.tree.path.slice(from) });
  }

  private stream(question: string, answer: Answer): void {
    const text = this.script.text(question, answer.target);
    const began = performance.now();
    let at = 0, n = 0;
    const timer = setInterval(() => {
      const ops: Op[] = [];
      if (at === 0) {
        this.streams.get(answer.target)!.first = (performance.now() - began) / 1000;
        ops.push({ op: "first", id: answer.id, s: (performance.now() - began) / 1000 });
      }
      const part = text.slice(at, (at += this.script.pace));
      ops.push({ op: "text", id: answer.id, text: part, n: ++n });
      this.record(answer.id, { n, name: "text", data: JSON.stringify({ text: part }), s: (performance.now() - began) / 1000 });
      this.emit(...ops);
      if (at >= text.length) {
        for (const reply of this.script.replies ?? []) this.emit({ op: "reply", id: answer.id, text: reply });
        this.finish(answer.target, "done", this.script.end);
      }
    }, 20);
    this.streams.set(answer.target, { id: answer.id, timer, began, first: 0 });
  }

  private finish(target: number, state: End["state"], change: Partial<End> = {}): void {
    const stream = this.streams.get(target);
    if (!stream) return;
    clearInterval(stream.timer);
    this.streams.delete(target);
    const total = (performance.now() - stream.began) / 1000;
    this.emit({
      op: "end", id: stream.id, state, error: null, note: null, first_event_s: stream.first, total_s: total, event_count: 1, ...change,
    });
  }

  private record(answer: string, event: RawEvent): void {
    const trace = this.traces[answer]!;
    this.traces[answer] = { ...trace, events: [...trace.events, event], first_event_s: trace.first_event_s ?? event.s, total_s: event.s };
  }

  private post(message: FromKernel, buffers: DataView[] = []): void {
    for (const listener of this.listeners["msg:custom"] ?? []) (listener as (m: FromKernel, b: DataView[]) => void)(message, buffers);
  }
}
