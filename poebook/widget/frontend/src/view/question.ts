/** What somebody asked: a soft block; while it is edited, the box itself. */

import { h, place, type VNode } from "../dom/vnode.ts";
import type { Turn } from "../state.ts";
import type { Pending, Store } from "../store.ts";
import { EDIT_HINT, forkedAs, NAMES } from "../strings.ts";
import { asker, carried } from "./asked.ts";
import { branches } from "./branches.ts";
import type { Edit, Editing } from "./editing.ts";
import { copyButton, iconButton, note } from "./parts.ts";

export interface QuestionDeeds {
  copyQuestion(id: string, text: string): void;
  branch(turn: Turn, to: number): void;
  fork(turn: Turn): void;
  editing: Editing;
}

export interface Asked {
  /** Its place in the conversation, by which it keeps its element when another branch is shown. */
  key: string;
  copied: boolean;
  /** Whether the kernel is there, so that it may be edited and other branches be shown. */
  live: boolean;
  edit: Edit | null;
  store: Store;
  deeds: QuestionDeeds;
}

export function question(turn: Turn, asked: Asked): VNode {
  const fork = asked.store.forks.get(turn.id);
  return h(
    "article",
    { class: "pb-msg pb-you", "aria-label": NAMES.you, "data-state": "done", "data-turn": turn.id, key: asked.key },
    asker(turn),
    asked.edit ? form(turn, asked.edit, asked) : [turn.text !== "" && block(turn.text), carried(turn, asked.store.panels, asked.store.chips), actions(turn, asked)],
    turn.branches > 1 && branches(turn, asked.live, (to) => asked.deeds.branch(turn, to)),
    fork !== undefined && h("div", { role: "status", key: "forked" }, note(forkedAs(fork))),
  );
}

/** A question on its way. */
export function pending(turn: Pending, store: Store): VNode {
  return h(
    "article",
    { class: "pb-msg pb-you", "aria-label": NAMES.you, "data-state": "done", key: `pending-${turn.id}` },
    asker(turn),
    turn.text !== "" && block(turn.text),
    carried(turn, store.panels, store.chips),
  );
}

function block(text: string): VNode {
  return h("div", { class: "pb-block", dir: "auto", key: "block" }, text);
}

function actions(turn: Turn, { copied, live, deeds }: Asked): VNode {
  return h(
    "div",
    { class: "pb-acts", key: "acts" },
    turn.text !== "" && copyButton(NAMES.copy, copied, () => deeds.copyQuestion(turn.id, turn.text), true),
    live && iconButton(NAMES.fork, "fork", { class: "pb-small", onclick: () => deeds.fork(turn) }),
    live && iconButton(NAMES.edit, "edit", { class: "pb-small", onclick: () => deeds.editing.begin(turn) }),
  );
}

function form(turn: Turn, { box }: Edit, { deeds, live, store }: Asked): VNode {
  const disabled = box.value.trim() === "" || !live;
  return h(
    "form",
    { class: "pb-edit", key: "edit", onsubmit: (event) => event.preventDefault() },
    place(box, "box"),
    carried(turn, store.panels, store.chips),
    h(
      "footer",
      {},
      h("span", { class: "pb-hint" }, EDIT_HINT),
      h("button", { type: "button", class: "pb-btn pb-push", key: "cancel", onclick: () => deeds.editing.cancel() }, NAMES.cancel),
      h("button", { type: "button", class: "pb-btn pb-main", key: "send", disabled, onclick: () => deeds.editing.send() }, NAMES.send),
    ),
  );
}
