/** One bot's answer, whether alone or as a column. */

import { ACTIONS, type Action, type Deeds } from "../actions.ts";
import { h, type Child, type Props, type VNode } from "../dom/vnode.ts";
import { asItStood, NAMES } from "../strings.ts";
import { duration, grouped, precise, rate, total, waiting } from "../figures.ts";
import type { Answer, Target } from "../state.ts";
import { asking, opinion } from "./opinion.ts";
import type { Asking } from "./opinions.ts";
import { failure } from "./failure.ts";
import { files } from "./files.ts";
import { copyButton, iconButton, note } from "./parts.ts";
import { traceId, type TraceAround, type TraceView } from "./tracing.ts";

/** What an answer needs to know besides itself. */
export interface Around extends TraceAround {
  target: Target;
  /** The answer as it is, where an earlier state of it is shown. */
  whole: Answer;
  trace: TraceView | null;
  asking: Asking | null;
  /** Whether this is in the last turn, where it can be asked again and its replies be taken. */
  last: boolean;
  /** Whether a question before it is being edited, so that this belongs to the branch that is left. */
  faded: boolean;
  elapsed: number;
  copied: boolean;
  deeds: AnswerDeeds;
  loaded(href: string): boolean;
}

export interface AnswerDeeds extends Deeds {
  reply(text: string): void;
}

/** An answer under the question, over the whole width. */
export function answer(one: Answer, text: Child[], around: Around): VNode {
  return h(
    "article",
    frame(one, around, around.last ? "pb-msg pb-last" : "pb-msg"),
    h(
      "header",
      { class: "pb-line" },
      h("span", { class: "pb-name", title: around.target.name }, around.target.name),
      state(one, around),
      figures(around.whole, around.elapsed),
    ),
    body(one, text, around),
    actions(one, around),
  );
}

/** Beside the name: that it was stopped, or that this is how it stood. */
export function state(one: Answer, { whole, trace: view, tracing }: Around): VNode | null {
  const at = view?.at ?? null;
  if (at !== null) return h("span", { class: "pb-quiet pb-cut" }, asItStood(at, tracing.data(whole)?.events.length ?? at));
  return one.state === "stopped" ? h("span", { class: "pb-quiet" }, "stopped") : null;
}

/** The attributes of an answer's article. */
export function frame(one: Answer, around: Around, classes: string) {
  return {
    class: around.faded ? `${classes} pb-faded` : classes,
    "aria-label": around.target.name,
    "data-state": around.whole.state,
    "data-answer": one.id,
    "aria-busy": around.whole.state === "streaming" ? "true" : null,
    key: `${one.target}`,
  };
}

/** Beyond that many blocks, those out of view are not laid out. */
const LONG = 30;

/** Text, files, trouble and replies. */
export function body(one: Answer, text: Child[], around: Around): Child[] {
  const plain = one.content_type === "text/plain";
  const chips = files(one, around.loaded);
  return [
    (text.length > 0 || one.state === "streaming") && h("div", { class: ["pb-text", plain && "pb-plain", text.length > LONG && "pb-long"].filter(Boolean).join(" "), key: "text" }, text),
    chips,
    one.note !== null && note(one.note),
    one.error !== null && failure(one, one.error, around),
    around.last && around.live && one.replies.length > 0 && one.state !== "streaming" && replies(one, around),
  ].filter((child): child is VNode => Boolean(child));
}

/** The row of buttons, with what is open beside it; of an answer that is coming only what looks at it. */
export function actions(one: Answer, around: Around): VNode[] {
  const streaming = around.whole.state === "streaming";
  const { opinions } = around.deeds;
  const shown = ACTIONS.filter(
    (action) => (!streaming || action.while) && action.when(one, around.last, around.several) && (around.live || action.id === "copy"),
  );
  const open = around.live && !streaming ? around.asking : null;
  const classes = ["pb-acts", streaming && "pb-meanwhile", open && "pb-open"].filter(Boolean).join(" ");
  return [
    opinion(one, around.live, opinions),
    shown.length > 0 && h("footer", { class: classes, key: "acts" }, shown.map((action) => (action.id === "react" ? h("span", { class: "pb-react", key: "react" }, button(action, one, around), open?.what === "reactions" && asking(one, open, opinions)) : button(action, one, around)))),
    open?.what === "reason" && asking(one, open, opinions),
  ].filter((child): child is VNode => Boolean(child));
}

function button(action: Action, one: Answer, around: Around): VNode {
  const onclick = () => action.run(around.whole, around.deeds);
  if (action.id === "copy") return copyButton(action.name, around.copied, () => around.deeds.copyText(one));
  const more = MORE[action.id]?.(around) ?? { "aria-pressed": action.pressed ? String(action.pressed(one)) : null };
  return iconButton(action.name, action.icon, { ...more, onclick });
}

/** What the buttons that open something say of it. */
const MORE: Partial<Record<Action["id"], (around: Around) => Props>> = {
  trace: ({ trace, view, whole }) => ({
    "aria-expanded": String(trace !== null),
    "aria-controls": trace ? traceId(view, whole) : null,
    "data-trace-button": whole.id,
  }),
  react: (around) => ({ "aria-haspopup": "menu", "aria-expanded": String(around.asking?.what === "reactions") }),
};

function replies(one: Answer, around: Around): VNode {
  return h(
    "div",
    { class: "pb-replies", role: "group", "aria-label": NAMES.replies, key: "replies" },
    one.replies.map((reply, index) =>
      h("button", { type: "button", class: "pb-btn", key: index, onclick: () => around.deeds.reply(reply) }, reply),
    ),
  );
}

function figures(one: Answer, elapsed: number): VNode {
  const more = (key: string, text: string) => h("span", { class: "pb-fig-more", key }, text);
  const always = (text: string) => h("span", { key: "time" }, text);
  const speed = one.state === "streaming" ? null : rate(one, elapsed);
  const shown =
    one.first_event_s === null && one.state === "streaming"
      ? [always(waiting(elapsed))]
      : [
          one.first_event_s !== null && more("first", `first event ${precise(one.first_event_s)}`),
          one.total_s !== null ? always(total(one.total_s)) : one.state === "streaming" && always(duration(elapsed)),
          speed !== null && more("rate", `${grouped(speed)} chars/s`),
          one.cost !== null && more("cost", one.cost),
        ];
  return h("span", { class: "pb-figs", "aria-live": "off" }, shown);
}
