/** The box to write in, and the buttons that belong to it. */

import { h, place, type VNode } from "../dom/vnode.ts";
import { HINT_SEND, HINT_STOP, HINT_STOP_ALL, messageTo, NAMES } from "../strings.ts";
import type { Around } from "./bench.ts";
import { icon } from "./icons.ts";
import { iconButton } from "./parts.ts";

export interface ComposerState {
  names: string[];
  streaming: boolean;
  empty: boolean;
  gone: boolean;
  /** Whether there is something to send, and nothing that it waits for. */
  sendable: boolean;
  /** Whether columns scroll each by itself. */
  apart: boolean;
  /** Whether there is a question to take back. */
  undoable: boolean;
}

export interface ComposerDeeds {
  send(): void;
  stopAll(): void;
  begin(): void;
  undo(): void;
  /** Let columns scroll each by itself, or together. */
  part(): void;
}

/** Of a longer text only the whole has a direction: over that of every paragraph the browser takes seconds a key. */
const LONG = 100_000;

/** The text box keeps its own text, so that nobody's typing is disturbed. */
export function textBox(): HTMLTextAreaElement {
  const box = document.createElement("textarea");
  box.rows = 1;
  box.dir = "auto";
  box.setAttribute("autocomplete", "off");
  box.addEventListener("beforeinput", (event) => ease(box, box.value.length + (event.data?.length ?? 0)));
  return box;
}

function ease(box: HTMLTextAreaElement, length: number): void {
  box.style.unicodeBidi = length > LONG ? "normal" : "";
}

/** Give the box the height of its text, where the style sheet alone cannot. */
export function fit(box: HTMLTextAreaElement): void {
  ease(box, box.value.length);
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

export function composer(box: HTMLTextAreaElement, state: ComposerState, around: Around, deeds: ComposerDeeds): VNode {
  const name = messageTo(state.names);
  if (box.getAttribute("aria-label") !== name) {
    box.setAttribute("aria-label", name);
    box.placeholder = name;
  }
  box.disabled = state.gone;
  const several = state.names.length > 1;
  const usual = state.streaming ? (several ? HINT_STOP_ALL : HINT_STOP) : HINT_SEND;
  const classes = ["pb-composer", state.gone && "pb-gone", around.inviting && "pb-inviting"].filter(Boolean).join(" ");
  return h(
    "form",
    { class: classes, key: "composer", onsubmit: (event) => event.preventDefault(), onmousedown: (event) => toBox(event, box) },
    around.above,
    place(box, "box"),
    h(
      "div",
      { class: "pb-tools" },
      around.tools,
      iconButton(NAMES.newConversation, "new", { disabled: state.empty || state.gone, onclick: () => deeds.begin() }),
      state.undoable && iconButton(NAMES.undo, "undo", { onclick: () => deeds.undo() }),
      several && iconButton(NAMES.apart, "apart", { class: "pb-part", "aria-pressed": String(state.apart), onclick: () => deeds.part() }),
      h("span", { class: "pb-keys", "aria-hidden": "true" }, state.gone ? "" : (around.hint ?? usual)),
      state.streaming ? stop(several ? NAMES.stopAll : NAMES.stop, deeds) : send(state, deeds),
    ),
  );
}

/** A press between the controls is meant for the box, and takes the keyboard from nobody. */
function toBox(event: Event, box: HTMLTextAreaElement): void {
  const target = event.target as Element;
  if (!target.matches(".pb-composer, .pb-tools, .pb-keys") && !(target.closest(".pb-go") && again(event))) return;
  event.preventDefault();
  box.focus({ preventScroll: true });
}

/** Whether this is the second half of a double click on Send, in whose place Stop stands by then. */
function again(event: Event): boolean {
  return (event as MouseEvent).detail > 1;
}

function send(state: ComposerState, deeds: ComposerDeeds): VNode {
  const disabled = state.gone || !state.sendable;
  return h("button", { type: "button", class: "pb-go", "aria-label": NAMES.send, title: NAMES.send, disabled, key: "send", onclick: () => deeds.send() }, icon("send"));
}

function stop(name: string, deeds: ComposerDeeds): VNode {
  return h("button", { type: "button", class: "pb-go pb-stop", "aria-label": name, title: name, key: "stop", onclick: (event) => again(event) || deeds.stopAll() }, icon("stop"));
}
