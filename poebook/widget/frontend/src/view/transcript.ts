/** What has been said, from the introduction to the text that is coming. */

import { h, type Child, type VNode } from "../dom/vnode.ts";
import type { Answer, Chat, Target, Turn } from "../state.ts";
import type { Store } from "../store.ts";
import { FIRST_TIME, NAMES, saySomething } from "../strings.ts";
import { answer, type AnswerDeeds, type Around } from "./answer.ts";
import { asker, carried } from "./asked.ts";
import { columns, type ColumnDeeds } from "./columns.ts";
import type { Memo } from "./memo.ts";
import { copyButton, note } from "./parts.ts";
import type { Texts } from "./texts.ts";

/** What of the view the transcript depends on. */
export interface Look {
  store: Store;
  texts: Texts;
  memo: Memo;
  /** The id of what was just copied. */
  copied: string | null;
  deeds: TranscriptDeeds;
}

export interface TranscriptDeeds extends AnswerDeeds, ColumnDeeds {
  copyQuestion(id: string, text: string): void;
}

const NOBODY: Target = {
  name: "", where: "", introduction: null, allow_attachments: false, expand_text_attachments: false, controls: null, settings: [], wins: 0,
};

export function transcript(chat: Chat, look: Look): Child[] {
  const { pending } = look.store;
  if (chat.turns.length === 0 && pending.length === 0) return beginning(chat, look);
  return [
    ...introductions(chat, look),
    ...chat.turns.flatMap((turn, index) => shownTurn(chat, turn, index === chat.turns.length - 1, look)),
    ...pending.map((one) => question({ ...one, id: `pending-${one.id}` }, look)),
  ];
}

function shownTurn(chat: Chat, turn: Turn, last: boolean, look: Look): Child[] {
  const live = look.store.link !== "gone";
  const parsed = turn.attachments.map((one) => look.store.chips.parsed(one.id));
  const asked = look.memo.of(`${turn.id}-you`, [turn.text, turn.attachments, turn.parameters, chat.targets, look.copied === turn.id, ...parsed], () => question(turn, look));
  const streaming = turn.answers.some((one) => one.state === "streaming");
  const copied = turn.answers.find((one) => one.id === look.copied)?.id;
  const from = [turn, last, live, look.texts.edition, copied, chat.targets, look.deeds.tab, streaming ? {} : null];
  return [asked, look.memo.of(`${turn.id}-answers`, from, () => answers(chat, turn, last, live, look))];
}

function question(turn: Pick<Turn, "id" | "text" | "attachments" | "parameters" | "user">, look: Look): VNode {
  const { id, text } = turn;
  return h(
    "article",
    { class: "pb-msg pb-you", "aria-label": NAMES.you, "data-state": "done", key: id },
    asker(turn),
    text !== "" && h("div", { class: "pb-block", dir: "auto" }, text),
    carried(turn, look.store.panels, look.store.chips),
    h("div", { class: "pb-acts" }, copyButton(NAMES.copy, look.copied === id, () => look.deeds.copyQuestion(id, text), true)),
  );
}

function answers(chat: Chat, turn: Turn, last: boolean, live: boolean, look: Look): VNode {
  const all = turn.answers.map((one) => ({
    answer: one,
    text: look.texts.of(one),
    around: around(one, targetOf(chat, one), last, live, look),
  }));
  if (chat.targets.length > 1) return columns(turn.id, all, look.deeds);
  return h("div", { class: "pb-alone", key: `${turn.id}-answers` }, all.map((one) => answer(one.answer, one.text, one.around)));
}

function around(one: Answer, target: Target, last: boolean, live: boolean, look: Look): Around {
  return {
    target,
    last,
    live,
    elapsed: look.store.elapsed(one),
    copied: look.copied === one.id,
    deeds: look.deeds,
    loaded: (href) => look.store.mayLoad(href),
  };
}

function targetOf(chat: Chat, one: Answer): Target {
  return chat.targets[one.target] ?? NOBODY;
}

/** Before the first question: what the bots say of themselves, else an invitation. */
function beginning(chat: Chat, look: Look): Child[] {
  const introduced = introductions(chat, look);
  const names = chat.targets.map((target) => target.name);
  return [
    ...introduced,
    introduced.length === 0 && note(saySomething(names), false, "invitation"),
    look.store.card !== null && note(FIRST_TIME, false, "first-time"),
  ].filter((child): child is VNode => Boolean(child));
}

/** What the bots say of themselves; it stays where it stood when the first question comes. */
function introductions(chat: Chat, look: Look): VNode[] {
  return chat.targets
    .filter((target) => target.introduction)
    .map((target, index) =>
      look.memo.of(`introduction-${index}`, [target, look.texts.edition], () => introduction(target, look.texts.once(target.introduction!), index)),
    );
}

function introduction(target: Target, text: Child[], index: number): VNode {
  return h(
    "section", // no message: nobody asked
    { class: "pb-msg pb-last", "aria-label": `Introduction of ${target.name}`, key: `introduction-${index}` },
    h("header", { class: "pb-line" }, h("span", { class: "pb-name", title: target.name }, target.name)),
    h("div", { class: "pb-text" }, text),
  );
}
