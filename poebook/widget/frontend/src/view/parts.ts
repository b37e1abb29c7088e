/** Small things that many views draw. */

import { h, type Child, type Props, type VNode } from "../dom/vnode.ts";
import { NAMES } from "../strings.ts";
import { icon, type Icon } from "./icons.ts";

/** A button that is only an icon; its name is what assistive technology and the tooltip say. */
export function iconButton(name: string, drawing: Icon, props: Props): VNode {
  const { class: extra, ...rest } = props;
  const classes = extra === undefined ? "pb-icon" : `pb-icon ${String(extra)}`;
  return h("button", { type: "button", class: classes, "aria-label": name, title: name, key: name, ...rest }, icon(drawing));
}

/** A button that copies, and shows for a moment that it did. */
export function copyButton(name: string, done: boolean, onclick: () => void, small = false): VNode {
  const classes = [small && "pb-small", done && "pb-copied"].filter(Boolean).join(" ");
  const shown = done ? NAMES.copied : name;
  return iconButton(shown, done ? "check" : "copy", { class: classes, key: name, onclick });
}

/** A sentence of ours; what stands between backticks in it is code. */
export function ticked(text: string): Child[] {
  return text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

/** A quiet sentence, with a mark where it is a warning. */
export function note(text: string, warn = false, key = "note"): VNode {
  return h("p", { class: warn ? "pb-note pb-warn" : "pb-note", key }, warn && icon("warn"), h("span", {}, ticked(text)));
}
