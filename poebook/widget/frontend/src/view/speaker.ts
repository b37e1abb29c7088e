/** Who asks: oneself, or one of several simulated people. */

import { h, type VNode } from "../dom/vnode.ts";
import type { Chat } from "../state.ts";
import { NAMES, SOMEBODY_ELSE } from "../strings.ts";
import { icon } from "./icons.ts";

export interface SpeakerState {
  speaker: string | null;
  /** Whether a new name is being written. */
  naming: boolean;
  disabled: boolean;
}

export interface SpeakerDeeds {
  speak(name: string | null): void;
  naming(on: boolean): void;
}

const ME = "\u0000me";
const NEW = "\u0000new";

/** Whether there is a choice: there are names, or a bot says that it hears several people. */
export function hasSpeakers({ users, targets }: Chat): boolean {
  return users.length > 0 || targets.some(({ settings }) => settings.some((one) => one.name === "enable_multi_entity_prompting" && one.declared === true));
}

export function speakers(chat: Chat, { speaker, naming, disabled }: SpeakerState, deeds: SpeakerDeeds): VNode {
  if (naming) return nameBox(deeds);
  const names = [...new Set([...chat.users, ...(speaker === null ? [] : [speaker])])];
  const option = (value: string, name: string, chosen: boolean) => h("option", { value, selected: chosen, key: `${value}${chosen}` }, name);
  const choose = (event: Event) => {
    const { value } = event.currentTarget as HTMLSelectElement;
    if (value === NEW) deeds.naming(true);
    else deeds.speak(value === ME ? null : value);
  };
  return h(
    "span",
    { class: "pb-select pb-speaker", key: "speaker" },
    icon("person"),
    h(
      "select",
      { "aria-label": NAMES.speakAs, title: NAMES.speakAs, disabled, onchange: choose, key: `as-${speaker ?? ME}` },
      option(ME, NAMES.you, speaker === null),
      names.map((name) => option(name, name, name === speaker)),
      option(NEW, SOMEBODY_ELSE, false),
    ),
    icon("down"),
  );
}

function nameBox(deeds: SpeakerDeeds): VNode {
  const done = (event: Event) => {
    const name = (event.currentTarget as HTMLInputElement).value.trim();
    if (name !== "") deeds.speak(name);
    deeds.naming(false);
  };
  return h("input", {
    type: "text", class: "pb-naming", "aria-label": NAMES.newSpeaker, placeholder: NAMES.newSpeaker, autocomplete: "off", dir: "auto", maxlength: 80, key: "naming",
    onblur: done,
    onkeydown: (event) => {
      const { key } = event as KeyboardEvent;
      if (key === "Enter") done(event);
      else if (key === "Escape") deeds.naming(false);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  });
}
