/** What has been said, from the introduction to the text that is coming. */

import { h, type Child, type VNode } from "../dom/vnode.ts";
import type { Answer, Chat, Target, Turn } from "../state.ts";
import type { Store } from "../store.ts";
import { FIRST_TIME, saySomething } from "../strings.ts";
import { answer, type AnswerDeeds, type Around } from "./answer.ts";
import { columns, type ColumnDeeds } from "./columns.ts";
import type { Memo } from "./memo.ts";
import { note } from "./parts.ts";
import { pending, question, type QuestionDeeds } from "./question.ts";
import type { Texts } from "./texts.ts";
import type { Tracing } from "./tracing.ts";

/** What of the view the transcript depends on. */
export interface Look {
  store: Store;
  texts: Texts;
  memo: Memo;
  /** The id of what was just copied. */
  copied: string | null;
  /** Turns before this one are not drawn yet. */
  from: number;
  deeds: TranscriptDeeds;
}

export type TranscriptDeeds = AnswerDeeds & ColumnDeeds & QuestionDeeds & { tracing: Tracing };

const NOBODY: Target = {
  name: "", where: "", introduction: null, allow_attachments: false, expand_text_attachments: false, controls: null, settings: [], trouble: null, wins: 0,
};

export function transcript(chat: Chat, look: Look): Child[] {
  const waiting = look.store.pending;
  if (chat.turns.length === 0 && waiting.length === 0) return beginning(chat, look);
  const live = look.store.link !== "gone";
  const edited = chat.turns.findIndex((turn) => turn.id === look.deeds.editing.open?.turn);
  return [
    ...(look.from > 0 ? [] : introductions(chat, look)),
    ...chat.turns.flatMap((turn, index) => {
      if (index < look.from) return [];
      const last = index === chat.turns.length - 1;
      const faded = edited >= 0 && index >= edited;
      return [asked(chat, turn, index, look), answered(chat, turn, { index, last, faded, live }, look)];
    }),
    ...waiting.map((one) => pending(one, look.store)),
  ];
}

function asked(chat: Chat, turn: Turn, index: number, look: Look): VNode {
  const live = look.store.link !== "gone";
  const open = look.deeds.editing.open;
  const edit = open?.turn === turn.id ? open : null;
  const copied = look.copied === turn.id;
  const parsed = turn.attachments.map((one) => look.store.chips.parsed(one.id));
  const from = [turn, copied, live, edit, edit?.box.value.trim() === "", chat.targets, look.store.forks.get(turn.id), ...parsed];
  const key = `${index}-you`;
  return look.memo.of(key, from, () =>
    question(turn, { key, copied, live, edit, store: look.store, deeds: look.deeds }),
  );
}

/** Where in the conversation an answer stands. */
interface Place {
  index: number;
  last: boolean;
  /** Whether a question before it is being edited. */
  faded: boolean;
  live: boolean;
}

function answered(chat: Chat, turn: Turn, place: Place, look: Look): VNode {
  const streaming = turn.answers.some((one) => one.state === "streaming");
  const copied = turn.answers.find((one) => one.id === look.copied || `curl-${one.id}` === look.copied) && look.copied;
  const opened = turn.answers.flatMap((one) => [look.deeds.opinions.of(one), ...look.deeds.tracing.from(one)]);
  const from = [turn, place.last, place.faded, place.live, look.texts.edition, copied, chat.targets, look.deeds.tab, look.store.apart, streaming ? {} : null, ...opened];
  return look.memo.of(`${place.index}-answers`, from, () => answers(chat, turn, place, look));
}

function answers(chat: Chat, turn: Turn, place: Place, look: Look): VNode {
  const all = turn.answers.map((one) => ({
    answer: look.deeds.tracing.shown(one),
    text: look.texts.of(look.deeds.tracing.shown(one)),
    around: around(one, targetOf(chat, one), place, look),
  }));
  const key = `${place.index}-answers`;
  if (chat.targets.length > 1) return columns(key, all, look.store.apart, look.deeds);
  return h("div", { class: "pb-alone", key }, all.map((one) => [answer(one.answer, one.text, one.around), traced(one.around)]));
}

/** The open trace of an answer, beside it and not in it: the answer says only what the bot said. */
function traced(around: Around): VNode | null {
  return around.trace && around.tracing.region(around.whole, around.trace, around);
}

function around(one: Answer, target: Target, { last, live, faded }: Place, look: Look): Around {
  return {
    target,
    last,
    live,
    faded,
    whole: one,
    trace: look.deeds.tracing.of(one),
    asking: look.deeds.opinions.of(one),
    tracing: look.deeds.tracing,
    several: look.store.chat!.targets.length > 1,
    view: look.deeds.view,
    elapsed: look.store.elapsed(one),
    copied: look.copied === one.id,
    curlCopied: look.copied === `curl-${one.id}`,
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
