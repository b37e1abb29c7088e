/** One question, several answers: columns side by side, tabs where the output is narrow. */

import { h, type Child, type VNode } from "../dom/vnode.ts";
import { duration, grouped, precise, rate, total } from "../figures.ts";
import type { Answer } from "../state.ts";
import { eventCount, NAMES, PICKED, wins } from "../strings.ts";
import { icon } from "./icons.ts";
import { actions, body, frame, state, type Around } from "./answer.ts";
import { iconButton } from "./parts.ts";
import { tabList } from "./tablist.ts";

export interface Column {
  answer: Answer;
  text: Child[];
  around: Around;
}

export interface ColumnDeeds {
  /** Keeps ids apart where one conversation is shown twice. */
  view: string;
  /** Which column a narrow output shows. */
  tab: number;
  choose(tab: number): void;
  stop(target: number): void;
}

export function columns(key: string, all: readonly Column[], apart: boolean, deeds: ColumnDeeds): VNode {
  const best = bests(all);
  const tab = Math.min(deeds.tab, all.length - 1);
  return h(
    "div",
    { class: "pb-several", key },
    tabs(key, all, tab, deeds),
    h(
      "div",
      { class: apart ? "pb-cols pb-apart" : "pb-cols", key: "cols" },
      all.map((one, index) => column(key, one, best, index === tab, apart, deeds)),
    ),
    all.map((one) => one.around.trace && one.around.tracing.region(one.around.whole, one.around.trace, one.around)),
  );
}

function tabs(key: string, all: readonly Column[], tab: number, deeds: ColumnDeeds): VNode {
  const names = all.map(({ answer, around }) => ({ name: around.target.name, controls: id(deeds.view, key, answer) }));
  return tabList(NAMES.answers, names, tab, (next) => deeds.choose(next), "pb-tabs");
}

function column(key: string, { answer, text, around }: Column, best: Best, chosen: boolean, apart: boolean, deeds: ColumnDeeds): VNode {
  const classes = ["pb-col", "pb-msg", around.last && "pb-last", !chosen && "pb-away"].filter(Boolean).join(" ");
  return h(
    "article",
    { ...frame(answer, around, classes), id: id(deeds.view, key, answer) },
    h("div", { class: "pb-colhead", key: "head" }, head(answer, around, deeds), figures(around.whole, around, best)),
    h("div", { class: "pb-colbody", key: "body", tabindex: apart ? 0 : null, role: apart ? "group" : null, "aria-label": apart ? around.target.name : null }, body(answer, text, around)),
    actions(answer, around),
  );
}

/** Whose column it is: that, and its figures, stay in view for as long as something of the column does. */
function head(answer: Answer, around: Around, deeds: ColumnDeeds): VNode {
  const { name, where, wins: won } = around.target;
  return h(
    "header",
    { class: "pb-line" },
    h("span", { class: "pb-name", title: name }, name),
    h("span", { class: "pb-where", title: where }, where),
    won > 0 && h("span", { class: "pb-where pb-wins" }, wins(won)),
    answer.picked && h("span", { class: "pb-picked" }, icon("check"), PICKED),
    state(answer, around),
    h("span", { class: "pb-push" }),
    toggle(around.whole, around, deeds),
  );
}

/** Stop while it answers, Regenerate afterwards: one button, so that focus stays where it is. */
function toggle(answer: Answer, around: Around, deeds: ColumnDeeds): VNode | null {
  if (!around.live) return null;
  if (answer.state === "streaming") return iconButton(NAMES.stop, "stop", { key: "toggle", onclick: () => deeds.stop(answer.target) });
  if (!around.last) return null;
  return iconButton(NAMES.regenerate, "again", { key: "toggle", onclick: () => around.deeds.regenerate(answer) });
}

function figures(answer: Answer, around: Around, best: Best): VNode {
  const streaming = answer.state === "streaming";
  const speed = rate(answer, around.elapsed);
  const first = answer.first_event_s !== null ? precise(answer.first_event_s) : streaming ? "waiting" : null;
  const took = answer.total_s !== null ? total(answer.total_s) : streaming ? duration(around.elapsed) : null;
  const row = (name: string, value: Child | readonly Child[] | null, winner: string | null) =>
    h("div", { key: name }, h("dt", {}, name), h("dd", { class: value === null ? "pb-quiet" : winner === answer.id ? "pb-best" : null }, value ?? "–"));
  return h(
    "dl",
    { class: "pb-figures", "aria-live": "off", key: "figures" },
    row("First event", first, best.first),
    row("Duration", took, best.total),
    row("Rate", speed === null ? null : [grouped(speed), " ", h("small", {}, "chars/s")], best.rate),
    h("div", { class: "pb-more-figures", key: "more" }, h("dt", { class: "pb-hidden" }, "Events and cost"), h("dd", {}, more(answer))),
  );
}

function more({ event_count, cost }: Answer): string {
  return [eventCount(grouped(event_count)), cost].filter(Boolean).join(", ");
}

interface Best {
  first: string | null;
  total: string | null;
  rate: string | null;
}

/** The ids of the answers that lead a row; an answer that broke off leads none. */
export function bests(all: readonly { answer: Answer; around: { elapsed: number } }[]): Best {
  const leader = (value: (answer: Answer, elapsed: number) => number | null) => {
    const known = all.flatMap(({ answer, around }) => {
      const n = answer.state === "error" || answer.state === "stopped" ? null : value(answer, around.elapsed);
      return n === null ? [] : [{ id: answer.id, n }];
    });
    if (known.length < 2) return null;
    return known.reduce((a, b) => (b.n < a.n ? b : a)).id;
  };
  const ended = (id: string | null) => (all.find(({ answer }) => answer.id === id)?.answer.total_s != null ? id : null);
  return {
    first: leader((answer) => answer.first_event_s),
    total: ended(leader((answer, elapsed) => answer.total_s ?? elapsed)),
    rate: leader((answer, elapsed) => { const n = rate(answer, elapsed); return n === null ? null : -n; }),
  };
}

function id(view: string, key: string, answer: Answer): string {
  return `pb-${view}-${key}-${answer.target}`;
}
