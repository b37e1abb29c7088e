/** A kernel that exists only in the page: it plays scenes, answers commands, and can be busy or gone. */

import type { Model } from "../src/kernel/bridge.ts";
import type { Card, Command, FromKernel, ToKernel } from "../src/kernel/messages.ts";
import { apply, type Answer, type Chat, type End, type Op } from "../src/state.ts";

export interface Script {
  /** Characters each 20 ms. */
  pace: number;
  text(question: string, target: number): string;
  replies?: string[];
  end?: Partial<End>;
}

export function fresh(id: string, target = 0, change: Partial<Answer> = {}): Answer {
  return {
    id, target, state: "streaming", text: "", content_type: "text/markdown", replies: [], files: [], error: null, note: null,
    first_event_s: null, total_s: null, event_count: 0, feedback: null, elapsed_s: 0, ...change,
  };
}

export class FakeKernel implements Model {
  busy = false;
  private seq = 0;
  private count = 0;
  private listeners: Record<string, ((...args: never[]) => void)[]> = {};
  private waiting: ToKernel[] = [];
  private streams = new Map<number, { id: string; timer: ReturnType<typeof setInterval>; began: number; first: number }>();

  constructor(
    private readonly id: string,
    public chat: Chat | null,
    public card: Card | null,
    private readonly script: Script,
    private readonly highlight: () => Promise<ArrayBuffer>,
  ) {}

  get(name: string): unknown {
    return name === "chat_id" ? this.id : undefined;
  }
  on(name: string, listener: (...args: never[]) => void): void {
    (this.listeners[name] ??= []).push(listener);
  }
  off(): void {}

  send(message: unknown): void {
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
    this.post({ kind: "batch", seq: ++this.seq, ops });
  }

  private work(): void {
    while (!this.busy && this.waiting.length) this.hear(this.waiting.shift()!);
  }

  private hear(message: ToKernel): void {
    if (message.kind === "hello") return this.post({ kind: "snapshot", seq: this.seq, card: this.card, chat: this.chat });
    if (message.kind === "key") return this.post({ kind: "key", key: "k".repeat(32), nonce: message.nonce });
    if (message.kind === "part") {
      void this.highlight().then((code) => this.post({ kind: "part", name: message.name }, [new DataView(code)]));
      return;
    }
    this.post({ kind: "ack", id: message.id });
    this.obey(message);
  }

  private obey(command: Command): void {
    const chat = this.chat!;
    const all = chat.targets.map((_, index) => index);
    if (command.kind === "send") {
      const answers = all.map((target) => fresh(`a-${++this.count}`, target));
      this.emit({ op: "turn", id: `t-${++this.count}`, text: command.text, at: Date.now(), answers });
      for (const answer of answers) this.stream(command.text, answer);
    } else if (command.kind === "stop") {
      for (const target of command.target === undefined ? all : [command.target]) this.finish(target, "stopped");
    } else if (command.kind === "regenerate") {
      const turn = chat.turns.at(-1)!;
      for (const target of command.target === undefined ? all : [command.target]) {
        const answer = fresh(`a-${++this.count}`, target);
        this.emit({ op: "answer", turn: turn.id, answer });
        this.stream(turn.text, answer);
      }
    } else if (command.kind === "new") {
      for (const target of all) this.finish(target, "stopped");
      this.emit({ op: "clear" });
    } else this.emit({ op: "feedback", id: command.answer, feedback: command.feedback });
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
      ops.push({ op: "text", id: answer.id, text: text.slice(at, (at += this.script.pace)), n: ++n });
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

  private post(message: FromKernel, buffers: DataView[] = []): void {
    for (const listener of this.listeners["msg:custom"] ?? []) (listener as (m: FromKernel, b: DataView[]) => void)(message, buffers);
  }
}
