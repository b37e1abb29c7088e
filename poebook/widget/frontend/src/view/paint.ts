/** Colours for code, from the data that the highlighter makes of it. */

import { h, type Child } from "../dom/vnode.ts";

export type Piece = string | { scope: string; children: Piece[] };
export type Highlighter = (code: string, language: string) => Piece[] | null;

export function coloured(piece: Piece): Child {
  return typeof piece === "string" ? piece : h("span", { class: `pb-c-${piece.scope}` }, piece.children.map(coloured));
}
