/** Formulas. The part that sets them comes from the kernel with the first one; what it says is rebuilt from a list of
 *  elements and attributes, and everything else in it is left out. */

import { h, type Child, type VNode } from "../dom/vnode.ts";

export type MathPiece = string | { tag: string; attrs: Record<string, string>; children: MathPiece[] };
export type Typeset = (tex: string, display: boolean) => MathPiece[] | null;

const ELEMENTS = new Set([
  "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "mpadded", "mphantom", "menclose",
  "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd",
]);
const WORD = /^[a-z]+$/;
const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]{3,20})$/i;

/** Lengths stay where they are: a formula must not reach over what stands beside it. */
const SMALLEST_EM = -2;
const LARGEST_EM = 20;
const LENGTH = /^([+-]?)(\d*\.?\d+)(em|ex|px|pt|%|)$/;

type Check = (value: string) => string | null;
const word: Check = (value) => (WORD.test(value) ? value : null);
const colour: Check = (value) => (COLOUR.test(value) ? value : null);
const whole: Check = (value) => (/^[+-]?\d$/.test(value) ? value : null);
const length: Check = (value) => {
  const [, sign, number, unit] = LENGTH.exec(value) ?? [];
  if (number === undefined) return null;
  const most = unit === "em" || unit === "ex" ? LARGEST_EM : unit === "%" ? 400 : LARGEST_EM * 14;
  const least = unit === "em" || unit === "ex" ? SMALLEST_EM : SMALLEST_EM * 14;
  const held = Math.min(most, Math.max(least, Number(`${sign}${number}`)));
  return `${sign === "+" ? "+" : ""}${held}${unit}`;
};

const ATTRIBUTES: Record<string, Check> = {
  display: word, displaystyle: word, scriptlevel: whole, mathvariant: word,
  stretchy: word, fence: word, separator: word, symmetric: word, largeop: word, movablelimits: word, accent: word, accentunder: word, form: word,
  lspace: length, rspace: length, minsize: length, maxsize: length, mathsize: length, linethickness: length,
  width: length, height: length, depth: length, voffset: length,
  mathcolor: colour, mathbackground: colour,
  columnspan: whole, rowspan: whole,
};
const LISTS = { columnalign: "mtable", columnspacing: "mtable" } as const;

/** The vnode of a formula; null where there is none to be shown. */
export function formula(pieces: readonly MathPiece[], display: boolean): VNode | null {
  const [math] = pieces;
  if (math === undefined || typeof math === "string" || math.tag !== "math") return null;
  const drawn = element("math", display ? { display: "block" } : {}, math.children);
  return display ? h("div", { class: "pb-math", tabindex: 0, role: "group", "aria-label": "Formula" }, drawn) : drawn;
}

function rebuilt(piece: MathPiece): Child[] {
  if (typeof piece === "string") return [piece];
  if (!ELEMENTS.has(piece.tag) || piece.tag === "math") return piece.children.flatMap(rebuilt);
  return [element(piece.tag, piece.attrs, piece.children)];
}

function element(tag: string, attrs: Readonly<Record<string, string>>, children: readonly MathPiece[]): VNode {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(attrs)) {
    const checked = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name]!(value) : null;
    if (checked !== null) kept[name] = checked;
  }
  const classes = [...variant(attrs["variant"]), ...enclosed(tag, attrs["notation"])];
  if (classes.length) kept["class"] = classes.join(" ");
  return h(tag, kept, tag === LISTS.columnalign ? rows(children, attrs) : children.flatMap(rebuilt));
}

/** A table's columns, as classes of its cells: browsers leave `columnalign` and `columnspacing` alone. */
function rows(children: readonly MathPiece[], attrs: Readonly<Record<string, string>>): Child[] {
  const aligns = (attrs["columnalign"] ?? "").split(" ");
  const spacings = (attrs["columnspacing"] ?? "").split(" ");
  return children.flatMap((row) => {
    if (typeof row === "string" || row.tag !== "mtr") return [];
    const cells = row.children.flatMap((cell, column): Child[] => {
      if (typeof cell === "string" || cell.tag !== "mtd") return [];
      const align = aligns[column] ?? aligns.at(-1);
      const close = /^0(?:em)?$/;
      const classes = [
        (align === "left" || align === "right") && `pb-m-${align}`,
        close.test(spacings[column] ?? "") && "pb-m-joined",
        column > 0 && close.test(spacings[column - 1] ?? "") && "pb-m-joining",
      ].filter(Boolean);
      return [h("mtd", { class: classes.join(" ") || null }, cell.children.flatMap(rebuilt))];
    });
    return [h("mtr", {}, cells)];
  });
}

function variant(name: string | undefined): string[] {
  return ["bold", "italic", "mono", "sans"].filter((kind) => name?.includes(kind)).map((kind) => `pb-m-${kind}`);
}

function enclosed(tag: string, notation: string | undefined): string[] {
  if (tag !== "menclose") return [];
  const known = ["box", "top", "bottom", "left", "right", "updiagonalstrike", "downdiagonalstrike", "horizontalstrike", "roundedbox", "actuarial", "circle"];
  return (notation ?? "").split(" ").filter((one) => known.includes(one)).map((one) => `pb-m-${one}`);
}
