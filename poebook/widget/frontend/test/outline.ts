/** Vnodes as HTML, for tests to read; never for a page. */

import type { Child } from "../src/dom/vnode.ts";

export function outline(children: readonly Child[]): string {
  return children.map(one).join("");
}

function one(child: Child): string {
  if (typeof child === "string") return child.replace(/[<>]/g, (sign) => (sign === "<" ? "&lt;" : "&gt;"));
  const attrs = Object.entries(child.attrs).map(([name, value]) => ` ${name}="${value}"`);
  return `<${child.tag}${attrs.join("")}>${outline(child.children)}</${child.tag}>`;
}

/** All tags and attributes below *children*. */
export function* parts(children: readonly Child[]): Generator<{ tag: string; attrs: Readonly<Record<string, string>>; on: unknown }> {
  for (const child of children) {
    if (typeof child === "string") continue;
    yield child;
    yield* parts(child.children);
  }
}
