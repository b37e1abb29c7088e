/** Why an answer ended badly, and what to do about it. */

import { h, type Child, type VNode } from "../dom/vnode.ts";
import type { Answer, AnswerError, Fault } from "../state.ts";
import { goToCell, mendAnswer, NAMES, placeOf } from "../strings.ts";
import type { Around } from "./answer.ts";
import { goTo } from "./cells.ts";
import { icon } from "./icons.ts";
import { ticked } from "./parts.ts";

export function failure(one: Answer, error: AnswerError, around: Around): VNode {
  const { fault } = error;
  return h(
    "div",
    { class: "pb-error", role: "alert", key: "error" },
    ...told(error, fault && mendAnswer(fault, error.text), one.id),
    error.allow_retry && around.last && around.live && retry(one, around),
  );
}

/** Why, where, and what to do: *mend* is for an exception, whose words are the bot's. */
export function told({ title, text, fault }: AnswerError, mend: string | null, key: string): (VNode | false)[] {
  if (!fault) return [h("strong", {}, ticked(title)), text !== "" && h("p", {}, ticked(text))];
  return [h("strong", {}, title), where(fault, mend ?? ""), traceback(fault, key)];
}

function where(fault: Fault, mend: string): VNode {
  return placeOf(fault) === "" ? h("p", {}, mend) : h("p", {}, "Raised in ", place(fault), `. ${mend}`);
}

/** "cell 3, line 9", which leads there. */
export function place(fault: Fault): VNode {
  const words = placeOf(fault);
  const { cell, line } = fault;
  if (cell === null) return h("b", { class: "pb-place" }, words);
  return h("button", { type: "button", class: "pb-place pb-link", title: goToCell(cell), onclick: () => goTo(cell, line) }, words);
}

function traceback(fault: Fault, key: string): VNode {
  return h(
    "details",
    { key: `traceback-${key}` },
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
