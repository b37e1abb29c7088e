/** Where the text goes on: a caret at the end of what is shown last. */

import { h, type Child, type VNode } from "../dom/vnode.ts";

const INTO = new Set(["p", "ul", "ol", "li", "blockquote", "h4", "h5", "h6", "pre", "code", "div", "table", "tbody", "thead", "tr", "td", "th"]);

export const CARET: VNode = h("span", { class: "pb-caret", "aria-hidden": "true", key: "caret" });

/** *children* with the caret behind the last word, however deep that stands. */
export function withCaret(children: readonly Child[], top = true): Child[] {
  const last = children.at(-1);
  if (last === undefined || typeof last === "string" || !INTO.has(last.tag) || last.node) {
    const caret = top ? h("p", { key: "caret" }, "\u200b", CARET) : CARET;
    return [...children, caret];
  }
  return [...children.slice(0, -1), { ...last, children: withCaret(last.children, false) }];
}
