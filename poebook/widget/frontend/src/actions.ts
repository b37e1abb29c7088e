/** What can be done with an answer: one row a button. The kernel's side of each is a row in `commands.py`. */

import type { Answer } from "./state.ts";
import { NAMES } from "./strings.ts";
import type { Icon } from "./view/icons.ts";
import type { Opinions } from "./view/opinions.ts";
import type { Tracing } from "./view/tracing.ts";

export interface Deeds {
  copyText(answer: Answer): void;
  regenerate(answer: Answer): void;
  opinions: Opinions;
  tracing: Tracing;
}

export interface Action {
  id: "copy" | "regenerate" | "like" | "dislike" | "react" | "pick" | "trace";
  name: string;
  icon: Icon;
  /** Whether the button would do something; *several* where other bots answered too. */
  when(answer: Answer, last: boolean, several: boolean): boolean;
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
    when: (answer, last, several) => last && !several && !answer.error?.allow_retry, // where Retry, or the column, does the same
    run: (answer, deeds) => deeds.regenerate(answer),
  },
  {
    id: "like",
    name: NAMES.like,
    icon: "like",
    when: (answer) => answer.state !== "error",
    pressed: (answer) => answer.feedback === "like",
    run: (answer, deeds) => deeds.opinions.like(answer),
  },
  {
    id: "dislike",
    name: NAMES.dislike,
    icon: "dislike",
    when: (answer) => answer.state !== "error",
    pressed: (answer) => answer.feedback === "dislike",
    run: (answer, deeds) => deeds.opinions.dislike(answer),
  },
  {
    id: "react",
    name: NAMES.react,
    icon: "react",
    when: (answer) => answer.state !== "error",
    run: (answer, deeds) => deeds.opinions.react(answer),
  },
  {
    id: "pick",
    name: NAMES.pick,
    icon: "pick",
    when: (answer, _last, several) => several && answer.state !== "error",
    pressed: (answer) => answer.picked,
    run: (answer, deeds) => deeds.opinions.pick(answer),
  },
  {
    id: "trace",
    name: NAMES.trace,
    icon: "trace",
    when: () => true,
    while: true,
    run: (answer, deeds) => deeds.tracing.toggle(answer),
  },
];
