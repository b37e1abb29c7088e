/** What can be done with an answer: one row a button. The kernel's side of each is a row in `chat.py`. */

import type { Answer } from "./state.ts";
import { NAMES } from "./strings.ts";
import type { Icon } from "./view/icons.ts";

export interface Deeds {
  copyText(answer: Answer): void;
  regenerate(answer: Answer): void;
  trace(answer: Answer): void;
  feedback(answer: Answer, feedback: "like" | "dislike"): void;
}

export interface Action {
  id: "copy" | "regenerate" | "like" | "dislike" | "trace";
  name: string;
  icon: Icon;
  /** Whether the button would do something. */
  when(answer: Answer, last: boolean): boolean;
  /** Whether it is there from the beginning. */
  while?: boolean;
  /** For buttons that stay down. */
  pressed?(answer: Answer): boolean;
  run(answer: Answer, deeds: Deeds): void;
}

export const ACTIONS: readonly Action[] = [
  {
    id: "copy",
    name: NAMES.copy,
    icon: "copy",
    when: (answer) => answer.text !== "",
    run: (answer, deeds) => deeds.copyText(answer),
  },
  {
    id: "regenerate",
    name: NAMES.regenerate,
    icon: "again",
    when: (answer, last) => last && !answer.error?.allow_retry, // where Retry does the same
    run: (answer, deeds) => deeds.regenerate(answer),
  },
  {
    id: "like",
    name: NAMES.like,
    icon: "like",
    when: (answer) => answer.state !== "error",
    pressed: (answer) => answer.feedback === "like",
    run: (answer, deeds) => deeds.feedback(answer, "like"),
  },
  {
    id: "dislike",
    name: NAMES.dislike,
    icon: "dislike",
    when: (answer) => answer.state !== "error",
    pressed: (answer) => answer.feedback === "dislike",
    run: (answer, deeds) => deeds.feedback(answer, "dislike"),
  },
  {
    id: "trace",
    name: NAMES.trace,
    icon: "trace",
    when: () => true,
    while: true,
    run: (answer, deeds) => deeds.trace(answer),
  },
];
