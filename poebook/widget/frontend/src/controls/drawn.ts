/** What every control's element has: its name, its description, a way to show a value. */

import { build } from "../dom/patch.ts";
import { h, place, type VNode } from "../dom/vnode.ts";
import type { Setter, Value } from "./types.ts";

export type Setting = (value: Value) => void;

export interface Drawn {
  readonly element: Element;
  /** Show what is in effect; what the control cannot show it shows as near as it can. */
  show(value: unknown): void;
}

/** A control's input, named and described, in the order in which it is read. */
export function framed(control: Setter, id: string, input: HTMLElement, parts: { beside?: Element; shown?: VNode } = {}): Element {
  const { description } = control;
  input.id = id;
  if (description) input.setAttribute("aria-describedby", `${id}-about`);
  return build(
    h(
      "div",
      { class: "pb-control" },
      h("div", { class: "pb-label" }, h("label", { for: id, dir: "auto" }, control.label), parts.beside && place(parts.beside)),
      parts.shown ?? place(input),
      description && h("small", { id: `${id}-about`, dir: "auto" }, description),
    ),
  );
}

/** A value as words, where a control expects words. */
export function words(value: unknown): string {
  return typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
}
