/** The states of one's own work with a bot: branches, edits, traces, opinions, comparisons. */

import { aTurn, done, fresh } from "./make.ts";
import { almanac, chat, FAULT, LONG, meridian, NOON, orrery, OSLO, type Scene, turn, TWO, WHY } from "./scenes.ts";
import { aTrace, MANY, said, TROMSO, TROMSO_TEXT } from "./traces.ts";

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Press buttons one after the other, the last of each name; then put the slider of a trace somewhere. */
function pressing(names: readonly string[], slide?: number) {
  return async (out: HTMLElement): Promise<void> => {
    for (const name of names) {
      [...out.querySelectorAll("button")].filter((one) => (one.getAttribute("aria-label") ?? one.textContent) === name).at(-1)?.click();
      for (let tries = 0; tries < 40 && (name === "Trace" ? !out.querySelector(".pb-time") : tries < 1); tries++) await pause();
    }
    const slider = out.querySelector<HTMLInputElement>('input[type="range"]');
    if (!slider || slide === undefined) return;
    slider.value = String(slide);
    slider.dispatchEvent(new Event("input"));
    await pause();
  };
}

const heard = done("a1", NOON, { feedback: "dislike", reason: "It never says when sunrise begins to come earlier.", reactions: ["🤔", "❤️"] });
const six = ["almanac", "Meridian", "orrery", "gnomon", "sextant", "a bot whose name is longer than its column is wide"];

export const WORKBENCH: Record<string, Scene> = {
  disliked: { title: "A dislike, and the question why", chat: chat([almanac], turn("t1", WHY, done("a1", NOON))), act: pressing(["Dislike"]) },
  reacting: { title: "A reaction is chosen", chat: chat([almanac], turn("t1", WHY, done("a1", NOON, { reactions: ["🎉"] }))), act: pressing(["React"]) },
  heard: { title: "Reactions, and a reason that was given", chat: chat([almanac], turn("t1", WHY, heard), turn("t2", "And the sunrise?", done("a2", "It goes on coming later until early January."))) },
  compare: {
    title: "Three targets, one of them picked",
    chat: chat(
      [{ ...almanac, wins: 3 }, { ...meridian, wins: 1 }, orrery],
      turn("t1", WHY,
        done("a1", NOON, { first_event_s: 0.18, total_s: 1.4, picked: true, event_count: 38 }),
        done("a2", TWO, { first_event_s: 0.94, total_s: 3.1, cost: "12 points", event_count: 61 }, 1),
        fresh("a3", 2, { state: "error", total_s: 1, error: { title: "The bot at bots.example.org refused the key. Set it with `key=`.", text: "", allow_retry: true, fault: null } }))),
  },
  apart: {
    title: "Columns that scroll each by itself",
    chat: chat([almanac, meridian], turn("t1", WHY, done("a1", `${NOON}\n\n`.repeat(4), { event_count: 38 }), fresh("a2", 1, { text: `${TWO}\n\n`.repeat(2), first_event_s: 0.94, elapsed_s: 3.1, event_count: 61 }))),
    act: pressing(["Scroll apart"]),
  },
  six: {
    title: "Six targets",
    chat: chat(six.map((name) => ({ ...meridian, name })), turn("t1", WHY, ...six.map((_, index) => done(`a${index}`, index % 2 ? TWO : NOON, { first_event_s: 0.2 + index / 10, total_s: 2 + index, event_count: 40 + index }, index)))),
  },
  sixlong: {
    title: "Six long answers, read further down, the third column at the left",
    chat: chat(six.map((name) => ({ ...meridian, name })), turn("t0", "Ready?", ...six.map((_, index) => done(`b${index}`, "Yes.", {}, index))), turn("t1", WHY.repeat(8), ...six.map((_, index) => (index === 2 ? fresh(`a${index}`, index, { text: `${LONG}\n\n${TWO}`, first_event_s: 0.94, elapsed_s: 3.1, event_count: 61 }) : done(`a${index}`, `${index % 2 ? OSLO : LONG}\n\n${NOON}`, { first_event_s: 0.2 + index / 10, total_s: 2 + index, event_count: 40 + index }, index))))),
    async act(out) {
      const log = out.querySelector(".pb-log")!;
      await pause();
      log.scrollTo({ top: 700, left: 580 });
      await pause();
    },
  },
  branches: {
    title: "Branches, and a message being edited in place",
    chat: chat([almanac],
      aTurn("t2", "How long is the day in Bergen at midsummer?", [done("a2", "Just over nineteen hours, from 04:10 to 23:11. It never gets quite dark.", { first_event_s: 0.2, total_s: 0.9 })], { branch: 1, branches: 3 }),
      turn("t4", "And in Trondheim, if I count civil twilight too?", fresh("a4", 0, { state: "stopped", text: "Twenty hours and a half. With civil", first_event_s: 0.1, total_s: 0.4 }))),
    others: {
      t2: [
        turn("t1", "How long is the day in Bergen?", done("a1", "That depends on the date. Which one do you mean?")),
        turn("t3", "How long is the day in Bergen at midwinter?", done("a3", "Five hours and fifty minutes, and the sun stays low.")),
      ],
    },
    act: pressing(["Edit"]),
  },
  trace: {
    title: "Trace: the answer as it stood after an earlier event",
    chat: chat([almanac], turn("t1", "When does the sun rise in Troms\u00f8 tomorrow?", done("a1", TROMSO_TEXT, { first_event_s: 0.21, total_s: 2.4, event_count: TROMSO.length, replies: ["And in Bod\u00f8?"] }))),
    traces: { a1: aTrace(TROMSO, { log: [{ s: 0.02, text: "asked for Troms\u00f8, 2026-11-25" }, { s: 1.26, text: "INFO almanac: the date was a day off" }], calls: [{ target: "Meridian", cost: "12 points", total_s: 1.1, calls: [{ target: "orrery", cost: null, total_s: 0.4, calls: [] }] }] }) },
    act: pressing(["Trace"], 27),
  },
  request: {
    title: "Trace: the request, to be edited and sent again",
    chat: chat([almanac], turn("t1", "When does the sun rise in Troms\u00f8 tomorrow?", done("a1", TROMSO_TEXT, { total_s: 2.4 }))),
    traces: { a1: aTrace(TROMSO) },
    act: pressing(["Trace", "Edit request"]),
  },
  raised: {
    title: "Trace: what a handler said before it raised",
    chat: chat([almanac], turn("t1", "And in Lisbon?", fresh("a1", 0, { state: "error", text: "Let me look up Lisbon.", first_event_s: 0.16, total_s: 0.3, error: { title: "KeyError: 'lisbon'", text: "The bot encountered an unexpected issue.", allow_retry: false, fault: FAULT } }))),
    traces: { a1: aTrace(said([["text", { text: "Let me look up Lisbon." }], ["error", { allow_retry: false, text: "The bot encountered an unexpected issue." }]], 0.3), { fault: FAULT, log: [{ s: 0.01, text: "looking for 'lisbon' in 12 places" }] }) },
    act: pressing(["Trace"]),
  },
  underway: {
    title: "Trace of an answer that is coming",
    chat: chat([almanac], turn("t1", "When does the sun rise in Troms\u00f8 tomorrow?", fresh("a1", 0, { text: "Tomorrow, 24 Nov, the sun rises ", first_event_s: 0.21, elapsed_s: 0.6 }))),
    traces: { a1: aTrace(TROMSO.slice(0, 6), { total_s: null, status: 200 }) },
    act: pressing(["Trace"]),
  },
  many: {
    title: "Trace of ten thousand events",
    chat: chat([almanac], turn("t1", "Count.", done("a1", "word ".repeat(9_999), { total_s: 61 }))),
    traces: { a1: aTrace(MANY) },
    act: pressing(["Trace"], 5000),
  },
  tracedcolumns: {
    title: "Trace of one of several answers",
    chat: chat([almanac, meridian], turn("t1", WHY, done("a1", NOON, { first_event_s: 0.18, total_s: 1.4 }), done("a2", TROMSO_TEXT, { first_event_s: 0.9, total_s: 2.4 }, 1))),
    traces: { a1: aTrace(TROMSO), a2: aTrace(TROMSO, { target: "Meridian", where: "on Poe", url: "https://api.poe.com/bot/Meridian" }) },
    act: pressing(["Trace"], 24),
  },
};
