/** What people do with an open trace; part of what comes late. */

import { jsonLines } from "../jsonlines.ts";
import { Standing } from "../standing.ts";
import type { Answer } from "../state.ts";
import { NAMES } from "../strings.ts";
import type { Desk } from "./desk.ts";
import { download } from "./download.ts";
import type { Tab, TraceView, Tracing } from "./tracing.ts";

export const ROW = 24;
export const LIST = 272;

export class TraceDeeds {
  private readonly standing = new Map<string, { answer: Answer; walk: Standing }>();
  /** Where lists were put, as opposed to where somebody scrolled them. */
  private readonly put = new Map<string, number>();

  constructor(
    private readonly desk: Desk,
    private readonly tracing: Tracing,
  ) {}

  /** The answer as it stood where its trace goes back. */
  shown(answer: Answer): Answer {
    const at = this.tracing.of(answer)?.at ?? null;
    const trace = this.tracing.data(answer);
    if (at === null || !trace) return answer;
    let kept = this.standing.get(answer.id);
    if (kept?.answer !== answer) this.standing.set(answer.id, (kept = { answer, walk: new Standing(answer) }));
    return kept.walk.after(trace.events, at);
  }

  close(answer: Answer): void {
    this.tracing.close(answer);
  }

  /** To the answer as it stood after event *n*. */
  go(answer: Answer, n: number): void {
    const count = this.tracing.data(answer)?.events.length ?? 0;
    const to = Math.min(Math.max(Math.round(n), 1), count);
    const view = this.tracing.of(answer);
    if (!view || !count) return;
    this.desk.scroll.following = false;
    this.tracing.change(answer, { at: to === count ? null : to, top: revealed(view.top, to, count) });
  }

  /** By keys in the list of events; whether the key did anything. */
  step(answer: Answer, key: string): boolean {
    const count = this.tracing.data(answer)?.events.length ?? 0;
    const at = this.tracing.of(answer)?.at ?? count;
    const page = Math.floor(LIST / ROW) - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 1, End: count }[key];
    if (to === undefined) return false;
    this.go(answer, to);
    return true;
  }

  choose(answer: Answer, tab: Tab): void {
    this.tracing.change(answer, { tab });
  }

  scrolled(answer: Answer, top: number): void {
    if (this.put.get(answer.id) !== top) this.tracing.change(answer, { top });
  }

  /** After the page was drawn: the list where it should be. */
  settle(list: Element | null, answer: Answer, { top }: TraceView): void {
    if (!list) return;
    const to = Math.min(top, list.scrollHeight - list.clientHeight);
    if (Math.abs(list.scrollTop - to) < 1) return;
    list.scrollTop = to;
    this.put.set(answer.id, list.scrollTop);
  }

  export(answer: Answer): void {
    const trace = this.tracing.data(answer);
    if (!trace) return;
    const name = trace.target.replace(/[^\p{L}\p{N}._-]+/gu, "-") || "trace";
    download(`${name}-${answer.id}.jsonl`, jsonLines(trace, answer), "application/jsonl");
  }

  curl(answer: Answer): void {
    const trace = this.tracing.data(answer);
    if (trace) void this.desk.copying.text(`curl-${answer.id}`, trace.curl);
  }

  /** Turn the request into a box. */
  edit(answer: Answer): void {
    const trace = this.tracing.data(answer);
    if (!trace) return;
    const box = document.createElement("textarea");
    box.value = trace.body;
    box.spellcheck = false;
    box.setAttribute("aria-label", NAMES.requestBox);
    const clear = () => this.tracing.of(answer)?.edit?.problem && this.tracing.change(answer, { edit: { box, problem: null } });
    box.addEventListener("input", clear);
    this.tracing.change(answer, { tab: "request", edit: { box, problem: null } });
    this.desk.focus.next(() => {
      box.setSelectionRange(0, 0);
      return box;
    });
  }

  leave(answer: Answer): void {
    this.tracing.change(answer, { edit: null });
    this.tracing.focus(`[data-trace="${CSS.escape(answer.id)}"] [data-do="edit-request"]`);
  }

  resend(answer: Answer): void {
    const edit = this.tracing.of(answer)?.edit;
    if (!edit) return;
    const problem = noJson(edit.box.value);
    if (problem !== null) return this.tracing.change(answer, { edit: { ...edit, problem } });
    this.tracing.forget(answer);
    this.desk.store.command({ kind: "resend", answer: answer.id, body: edit.box.value });
    this.desk.scroll.toEnd();
    this.desk.focus.next(() => null);
  }
}

/** Where a list must be scrolled to so that row *n* of *count* is in view: a near one by as little as needed. */
export function revealed(top: number, n: number, count: number): number {
  const most = Math.max(0, count * ROW - LIST + 8);
  const row = (n - 1) * ROW;
  const from = Math.min(top, most);
  const last = from + LIST - 8 - ROW;
  if (row >= from && row <= last) return from;
  if (row > last && row <= last + ROW) return Math.min(row + ROW - LIST + 8, most);
  return row > from - 2 * ROW && row < from ? row : Math.min(Math.max(0, row - 5 * ROW + 4), most);
}

/** Why a text is no JSON object, in a sentence; null for one that is. */
export function noJson(text: string): string | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? null : "A request is a JSON object, in braces.";
  } catch (error) {
    return `This is no JSON yet: ${(error as Error).message}.`.replace(/\.\.$/, ".");
  }
}
