/** The list of events: of ten thousand only those in view are in the page. */

import { h, type VNode } from "../dom/vnode.ts";
import type { RawEvent } from "../kernel/messages.ts";
import type { Answer } from "../state.ts";
import { NAMES } from "../strings.ts";
import { LIST, ROW, type TraceDeeds } from "./tracedeeds.ts";
import type { TraceView } from "./tracing.ts";

const BEYOND = 8;
const SHOWN_CHARS = 160;

export function events(answer: Answer, view: TraceView, all: readonly RawEvent[], at: number, id: string, deeds: TraceDeeds): VNode {
  const [from, to] = inView(view.top, all.length);
  const row = (n: number) => `pb-${id}-${answer.id}-${n}`;
  const step = (event: Event) => {
    if (deeds.step(answer, (event as KeyboardEvent).key)) event.preventDefault();
  };
  return h(
    "div",
    {
      class: "pb-events",
      role: "listbox",
      tabindex: 0,
      "aria-label": NAMES.events,
      "aria-activedescendant": at > from && at <= to ? row(at) : null,
      key: "events",
      onkeydown: step,
      onscroll: (event) => deeds.scrolled(answer, (event.currentTarget as HTMLElement).scrollTop),
      onclick: (event) => {
        const chosen = (event.target as Element).closest<HTMLElement>("[data-n]")?.dataset["n"];
        if (chosen) deeds.go(answer, Number(chosen));
      },
    },
    h(
      "div",
      { role: "presentation", style: `padding-block:${from * ROW}px ${(all.length - to) * ROW}px` },
      all.slice(from, to).map((event) => line(event, at, all.length, row(event.n))),
    ),
  );
}

function line(event: RawEvent, at: number, count: number, id: string): VNode {
  return h(
    "div",
    {
      class: event.n > at ? "pb-event pb-later" : "pb-event",
      role: "option",
      id,
      "aria-selected": String(event.n === at),
      "aria-posinset": event.n,
      "aria-setsize": count,
      "data-n": event.n,
      key: event.n,
    },
    h("span", {}, String(event.n)),
    h("span", {}, event.s.toFixed(3)),
    h("span", { class: "pb-kind" }, event.name),
    h("code", {}, gist(event)),
  );
}

/** What an event says, on one line. */
export function gist({ name, data }: RawEvent): string {
  const cut = (text: string) => (text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text);
  if (data.length > 100_000) return cut(data);
  try {
    const said = JSON.parse(data) as Record<string, unknown> | null;
    const main = name === "file" ? said?.["name"] : said?.["text"];
    if (typeof main === "string") return JSON.stringify(cut(main));
    return said && typeof said === "object" && Object.keys(said).length === 0 ? "" : cut(JSON.stringify(said));
  } catch {
    return cut(data);
  }
}

/** The rows from one number up to another, not with it, that are in the page. */
export function inView(top: number, count: number): [number, number] {
  const most = Math.max(0, count * ROW - LIST);
  const first = Math.floor(Math.min(top, most) / ROW);
  return [Math.max(0, first - BEYOND), Math.min(count, first + Math.ceil(LIST / ROW) + BEYOND)];
}
