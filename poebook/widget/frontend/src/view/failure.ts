/** Why an answer ended badly, and what to do about it. */

import { h, type Child, type VNode } from "../dom/vnode.ts";
import type { Answer, AnswerError, Fault } from "../state.ts";
import { goToCell, NAMES, raised } from "../strings.ts";
import type { Around } from "./answer.ts";
import { goTo } from "./cells.ts";
import { icon } from "./icons.ts";
import { ticked } from "./parts.ts";

export function failure(one: Answer, error: AnswerError, around: Around): VNode {
  const { fault } = error;
  return h(
    "div",
    { class: "pb-error", role: "alert", key: "error" },
    h("strong", {}, fault ? error.title : ticked(error.title)),
    fault ? where(fault, error.text) : error.text !== "" && h("p", {}, ticked(error.text)),
    fault && traceback(one, fault),
    error.allow_retry && around.last && around.live && retry(one, around),
  );
}

function where(fault: Fault, onPoe: string): VNode {
  const [before, , after] = raised(fault, onPoe);
  return h("p", {}, before, place(fault), after);
}

/** "cell 3, line 9", which leads there. */
export function place(fault: Fault): VNode {
  const [, words] = raised(fault, "");
  const { cell, line } = fault;
  if (cell === null) return h("b", { class: "pb-place" }, words);
  return h("button", { type: "button", class: "pb-place pb-link", title: goToCell(cell), onclick: () => goTo(cell, line) }, words);
}

function traceback(one: Answer, fault: Fault): VNode {
  return h(
    "details",
    { key: `traceback-${one.id}` },
    h("summary", {}, icon("right"), NAMES.traceback),
    h("pre", { class: "pb-raw pb-boxed", tabindex: 0, "aria-label": NAMES.traceback }, traceLines(fault)),
  );
}

/** The traceback with the line that raised, and the exception itself, in bold; each of the author's cells leads to its line. */
export function traceLines(fault: Fault): Child[] {
  const all = fault.traceback.trimEnd().split("\n");
  return all.map((line, index) => {
    const last = index === all.length - 1;
    const strong = last || (fault.cell !== null && line.includes(`Cell In[${fault.cell}]`) && line.includes(`line ${fault.line}`));
    const shown = [...linked(line), last ? "" : "\n"];
    return h("span", { class: strong ? "pb-at" : null, key: `line-${index}` }, shown);
  });
}

const CELL = /Cell In\[(\d+)\], line (\d+)/;

function linked(line: string): Child[] {
  const match = CELL.exec(line);
  if (!match) return [line];
  const [words, cell, number] = match;
  const onclick = () => goTo(Number(cell), Number(number));
  return [
    line.slice(0, match.index),
    h("button", { type: "button", class: "pb-link", title: goToCell(Number(cell)), onclick }, words),
    line.slice(match.index + words.length),
  ];
}

function retry(one: Answer, around: Around): VNode {
  const onclick = () => around.deeds.regenerate(one);
  return h("button", { type: "button", class: "pb-btn", onclick, key: "retry" }, icon("again"), NAMES.retry);
}
