/** What travelled, as it travelled: one event, the request; and what the handler said and called meanwhile. */

import { h, place, type Child, type VNode } from "../dom/vnode.ts";
import { total } from "../figures.ts";
import type { Call, Trace } from "../kernel/messages.ts";
import type { Answer } from "../state.ts";
import { NAMES, NO_LOG, NO_REQUEST, eventNumber } from "../strings.ts";
import { place as cellPlace, traceLines } from "./failure.ts";
import { json } from "./json.ts";
import { copyButton, note } from "./parts.ts";
import { tabList } from "./tablist.ts";
import type { TraceDeeds } from "./tracedeeds.ts";
import type { Tab, TraceAround, TraceView } from "./tracing.ts";

export function raw(answer: Answer, view: TraceView, data: Trace, at: number, around: TraceAround, deeds: TraceDeeds): VNode {
  const tabs: [Tab, string][] = [
    ...(at > 0 ? [["event", eventNumber(at)] as [Tab, string]] : []),
    ["request", NAMES.request],
    ["log", NAMES.log],
    ...(data.calls.length ? [["calls", NAMES.calls] as [Tab, string]] : []),
  ];
  const chosen = tabs.find(([tab]) => tab === view.tab)?.[0] ?? tabs[0]![0];
  const id = `pb-${around.view}-${answer.id}`;
  const list = tabs.map(([tab, name]) => ({ id: `${id}-${tab}`, name, controls: `${id}-panel` }));
  const index = tabs.findIndex(([tab]) => tab === chosen);
  return h(
    "div",
    { class: "pb-rawbox", key: "raw" },
    tabList(NAMES.raw, list, index, (next) => deeds.choose(answer, tabs[next]![0])),
    h("div", { class: "pb-panel", role: "tabpanel", id: `${id}-panel`, "aria-labelledby": `${id}-${chosen}`, key: chosen }, PANELS[chosen](answer, view, data, at, around, deeds)),
  );
}

type Panel = (answer: Answer, view: TraceView, data: Trace, at: number, around: TraceAround, deeds: TraceDeeds) => VNode[];

const PANELS: Record<Tab, Panel> = {
  event(_answer, _view, data, at) {
    const event = data.events[at - 1];
    return event ? [code(eventNumber(at), field("event"), ` ${event.name}\n`, field("data"), " ", json(event.data))] : [];
  },

  request(answer, view, data, _at, { curlCopied }, deeds) {
    if (view.edit) return editor(answer, view.edit, deeds);
    if (data.body === "") return [h("div", { class: "pb-trace-note", key: "none" }, note(NO_REQUEST))];
    const status = data.status === null ? "" : ` ${data.status}`;
    return [
      h(
        "div",
        { class: "pb-address", key: "address" },
        h("code", { title: data.url }, `${data.method} ${data.url}`),
        status !== "" && h("span", { class: "pb-meta" }, status),
        copyButton(NAMES.copyCurl, curlCopied, () => deeds.curl(answer), true),
      ),
      code(NAMES.request, Object.entries(data.headers).map(([name, value]) => [field(name), ` ${value}\n`]), "\n", json(data.body)),
    ];
  },

  log(_answer, _view, data) {
    const { fault } = data;
    const log = beside(data.log, fault);
    if (log.length === 0 && !fault) return [h("div", { class: "pb-trace-note", key: "none" }, note(NO_LOG))];
    return [
      log.length > 0 && code(NAMES.log, log.map(({ s, text }) => [s !== null && h("span", { class: "pb-quiet" }, `${s.toFixed(3)}  `), `${text.replace(/\n$/, "")}\n`])),
      fault && h("p", { class: "pb-raised", key: "raised" }, "Raised in ", cellPlace(fault), "."),
      fault && h("pre", { class: "pb-raw", tabindex: 0, "aria-label": NAMES.traceback, key: "fault" }, traceLines(fault)),
    ].filter((child): child is VNode => Boolean(child));
  },

  calls: (_answer, _view, data) => [calls(data.calls)],
};

/** The lines of a log but the traceback that stands beneath them. */
export function beside(log: Trace["log"], fault: Trace["fault"]): Trace["log"] {
  if (!fault) return log;
  const raised = fault.traceback.trimEnd().split("\n");
  const is = (from: number) => raised.every((line, index) => log[from + index]?.text.trimEnd() === line.trimEnd());
  const from = log.map((_, index) => is(index)).lastIndexOf(true);
  return from < 0 ? log : log.filter((_, index) => index < from || index >= from + raised.length);
}

/** The bots that the handler asked, and those that they asked. */
function calls(all: readonly Call[]): VNode {
  return h(
    "ul",
    { class: "pb-calls", key: "calls" },
    all.map((call, index) =>
      h(
        "li",
        { key: index },
        h("b", {}, call.target),
        h("span", { class: "pb-meta" }, [call.total_s !== null && total(call.total_s), call.cost].filter(Boolean).join(", ")),
        call.calls.length > 0 && calls(call.calls),
      ),
    ),
  );
}

function editor(answer: Answer, { box, problem }: NonNullable<TraceView["edit"]>, deeds: TraceDeeds): VNode[] {
  const send = (event: Event) => {
    const { key, ctrlKey, metaKey } = event as KeyboardEvent;
    if (key === "Enter" && (ctrlKey || metaKey)) deeds.resend(answer);
  };
  return [
    h(
      "form",
      { class: "pb-edit pb-request", key: "edit", onsubmit: (event) => event.preventDefault(), onkeydown: send },
      place(box, "box"),
      problem !== null && h("p", { class: "pb-problem", role: "alert", key: "problem" }, problem),
      h(
        "footer",
        {},
        h("button", { type: "button", class: "pb-btn pb-push", key: "cancel", onclick: () => deeds.leave(answer) }, NAMES.cancel),
        h("button", { type: "button", class: "pb-btn pb-main", key: "send", onclick: () => deeds.resend(answer) }, NAMES.sendRequest),
      ),
    ),
  ];
}

function code(name: string, ...children: Parameters<typeof h>[2][]): VNode {
  return h("pre", { class: "pb-raw", tabindex: 0, "aria-label": name, key: "code" }, children);
}

function field(name: string): Child {
  return h("span", { class: "pb-c-keyword" }, `${name}:`);
}
