/** Which traces are open in one view, and where each of them stands. What draws them comes late. */

import { h, type VNode } from "../dom/vnode.ts";
import type { Trace } from "../kernel/messages.ts";
import type { Answer } from "../state.ts";
import { NAMES, TRACE_COMING } from "../strings.ts";
import type { TracePart } from "../trace.ts";
import type { Desk } from "./desk.ts";
import { Late } from "./late.ts";
import { note } from "./parts.ts";
import type { TraceDeeds } from "./tracedeeds.ts";

export type Tab = "event" | "request" | "log" | "calls";

/** How one open trace looks; never changed, only replaced. */
export interface TraceView {
  /** The answer as it stood after this event; null for the last, however many come. */
  at: number | null;
  tab: Tab;
  /** How far the list is scrolled. */
  top: number;
  slider: HTMLInputElement;
  /** The request, while it is worded anew. */
  edit: { box: HTMLTextAreaElement; problem: string | null } | null;
}

/** What a trace needs to know besides itself. */
export interface TraceAround {
  tracing: Tracing;
  /** Whether several bots answer, so that the trace says whose it is. */
  several: boolean;
  live: boolean;
  curlCopied: boolean;
  /** Keeps ids apart where one conversation is shown twice. */
  view: string;
}

export class Tracing {
  private readonly views = new Map<string, TraceView>();
  private readonly unseen = new Set<string>();
  private readonly part: Late<TracePart>;
  private deeds: TraceDeeds | null = null;

  constructor(private readonly desk: Desk) {
    this.part = new Late(() => desk.store.part("trace"), () => desk.soon());
  }

  of(answer: Answer): TraceView | null {
    return this.views.get(answer.id) ?? null;
  }

  data(answer: Answer): Trace | null {
    return this.desk.store.traces.of(answer.id);
  }

  /** What an answer's drawing depends on while its trace is open. */
  from(answer: Answer): unknown[] {
    const view = this.of(answer);
    return view ? [view, this.data(answer), this.deeds ?? this.part.get()] : [];
  }

  /** The answer as its trace shows it; itself where no trace goes back. */
  shown(answer: Answer): Answer {
    return this.deeds?.shown(answer) ?? answer;
  }

  toggle(answer: Answer): void {
    if (this.views.has(answer.id)) return this.close(answer);
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "1";
    slider.addEventListener("input", () => this.deeds?.go(answer, slider.valueAsNumber));
    this.views.set(answer.id, { at: null, tab: answer.error ? "log" : "event", top: Infinity, slider, edit: null });
    this.unseen.add(answer.id);
    this.desk.soon();
  }

  close(answer: Answer): void {
    this.forget(answer);
    this.focus(`[data-trace-button="${CSS.escape(answer.id)}"]`);
    this.desk.soon();
  }

  forget(answer: Answer): void {
    this.views.delete(answer.id);
  }

  change(answer: Answer, change: Partial<TraceView>): void {
    const view = this.of(answer);
    if (!view) return;
    this.views.set(answer.id, { ...view, ...change });
    this.desk.soon();
  }

  focus(selector: string): void {
    this.desk.focus.next((root) => root.querySelector<HTMLElement>(selector));
  }

  /** The trace under an answer. */
  region(answer: Answer, view: TraceView, around: TraceAround): VNode {
    const part = this.part.get();
    if (part) this.deeds ??= part.deeds(this.desk, this);
    const inside = part && this.deeds && this.data(answer) ? part.draw(answer, view, around, this.deeds) : [waiting()];
    const attrs = { class: "pb-trace", role: "region", "aria-label": NAMES.trace, "data-trace": answer.id };
    const onkeydown = (event: Event) => this.key(event as KeyboardEvent, answer);
    return h("section", { ...attrs, id: traceId(around.view, answer), key: `trace-${answer.id}`, onkeydown }, inside);
  }

  /** After the page was drawn: fetch what is looked at, bring into view what was opened. */
  settle(root: HTMLElement): void {
    if (this.views.size === 0) return;
    for (const turn of this.desk.store.chat?.turns ?? [])
      for (const answer of turn.answers) {
        const view = this.of(answer);
        if (!view) continue;
        this.desk.store.traces.want(answer);
        const region = `[data-trace="${CSS.escape(answer.id)}"]`;
        this.deeds?.settle(root.querySelector(`${region} .pb-events`), answer, view);
        if (this.deeds && this.data(answer) && this.unseen.delete(answer.id)) this.desk.scroll.show(region);
      }
  }

  /** Whether Escape, pressed on a button that opened a trace, closed it. */
  escape(target: Element): boolean {
    const id = target.closest<HTMLElement>("[data-trace-button]")?.dataset["traceButton"];
    return id !== undefined && this.views.delete(id);
  }

  private key(event: KeyboardEvent, answer: Answer): void {
    if (event.key !== "Escape" || event.isComposing || answer.state === "streaming") return;
    event.preventDefault();
    if (this.of(answer)?.edit) this.deeds?.leave(answer);
    else this.close(answer);
  }
}

/** The id that the Trace button names. */
export function traceId(view: string, answer: Answer): string {
  return `pb-${view}-trace-${answer.id}`;
}

function waiting(): VNode {
  return h("div", { class: "pb-trace-note", key: "coming" }, note(TRACE_COMING));
}
