/** How an answer came about: its events in time, each of them, the request, and what the handler said meanwhile. */

import { h, place, type VNode } from "../dom/vnode.ts";
import { grouped, total } from "../figures.ts";
import type { Trace } from "../kernel/messages.ts";
import type { Answer } from "../state.ts";
import { NAMES, NO_EVENTS, afterEvent } from "../strings.ts";
import { marks, nearest, span, ticks } from "../timeline.ts";
import { events } from "./events.ts";
import { icon } from "./icons.ts";
import { iconButton, note } from "./parts.ts";
import { raw } from "./raw.ts";
import type { TraceDeeds } from "./tracedeeds.ts";
import type { TraceAround, TraceView } from "./tracing.ts";

/** What stands in the region. */
export function draw(answer: Answer, view: TraceView, around: TraceAround, deeds: TraceDeeds): VNode[] {
  const data = around.tracing.data(answer)!;
  const count = data.events.length;
  const at = Math.min(view.at ?? count, count);
  return [
    head(answer, view, data, around, deeds),
    count === 0 ? h("div", { class: "pb-trace-note", key: "time" }, note(NO_EVENTS)) : time(answer, view, data, at, deeds),
    h(
      "div",
      { class: count === 0 ? "pb-split pb-one" : "pb-split", key: "split" },
      count > 0 && events(answer, view, data.events, at, around.view, deeds),
      raw(answer, view, data, at, around, deeds),
    ),
  ];
}

function head(answer: Answer, view: TraceView, data: Trace, { several, live }: TraceAround, deeds: TraceDeeds): VNode {
  const name = several ? data.target : null;
  return h(
    "header",
    { key: "head" },
    h("h4", {}, NAMES.trace),
    h("span", { class: "pb-meta pb-trace-sum" }, [name, summary(answer, data)].filter(Boolean).join(", ")),
    live && data.body !== "" && view.edit === null && labelled(NAMES.editRequest, "edit", () => deeds.edit(answer), "edit-request"),
    labelled(NAMES.exportTrace, "save", () => deeds.export(answer), "export"),
    iconButton(NAMES.closeTrace, "close", { onclick: () => deeds.close(answer) }),
  );
}

function labelled(name: string, drawing: "edit" | "save", onclick: () => void, what: string): VNode {
  return h("button", { type: "button", class: "pb-btn", "data-do": what, title: name, key: what, onclick }, icon(drawing), h("span", { class: "pb-label-wide" }, name));
}

function summary(answer: Answer, data: Trace): string {
  const count = `${grouped(data.events.length)} ${data.events.length === 1 ? "event" : "events"}`;
  return answer.state === "streaming" || data.total_s === null ? `${count} so far` : `${count} in ${total(data.total_s)}`;
}

/** Timeline and slider on one axis of time; the slider counts events, so that a key goes from one to the next. */
function time(answer: Answer, view: TraceView, data: Trace, at: number, deeds: TraceDeeds): VNode {
  const seconds = span(data.events, data.total_s);
  const drawn = ticks(data.events, at, seconds);
  const s = data.events[at - 1]?.s ?? 0;
  const x = Math.round((s / seconds) * 1000);
  const line = (d: string, classes: string) => d !== "" && h("path", { d, class: classes });
  aim(view.slider, at, data.events.length, s);
  return h(
    "div",
    { class: "pb-time", key: "time", onpointerdown: pointed, onpointermove: pointed },
    h(
      "svg",
      { viewBox: "0 0 1000 44", preserveAspectRatio: "none", "aria-hidden": "true" },
      h("path", { class: "pb-base", d: "M0 43.5H1000" }),
      line(drawn.later, "pb-tick pb-later"),
      line(drawn.past, "pb-tick"),
      line(drawn.odd, "pb-tick pb-odd"),
      h("path", { class: "pb-now", d: `M${x} 43V2` }),
    ),
    h("div", { class: "pb-slide", style: `--pos:${x / 10}%`, key: "slide" }, place(view.slider, "slider")),
    h("div", { class: "pb-axis", "aria-hidden": "true" }, marks(seconds).map((mark) => h("span", {}, mark))),
  );

  function pointed(event: Event): void {
    const { type, buttons, clientX, pointerId, currentTarget } = event as PointerEvent;
    if (buttons !== 1) return;
    const area = currentTarget as HTMLElement;
    if (type === "pointerdown") {
      event.preventDefault(); // else the text around would be selected
      area.setPointerCapture(pointerId);
      view.slider.focus({ preventScroll: true });
    }
    const { left, width } = area.querySelector("svg")!.getBoundingClientRect();
    deeds.go(answer, nearest(data.events, ((clientX - left) / width) * seconds));
  }
}

function aim(slider: HTMLInputElement, at: number, count: number, s: number): void {
  slider.max = String(count);
  slider.valueAsNumber = at;
  slider.setAttribute("aria-label", NAMES.slider);
  slider.setAttribute("aria-valuetext", afterEvent(at, count, s));
}
