/** The late part that sets formulas: KaTeX, asked for MathML alone, and handed on as data. */

import katex from "katex";
import type { MathPiece } from "./view/typeset.ts";

/** KaTeX's own tree, in which no class has a name once it is bundled. */
interface Node {
  type?: string;
  text?: string;
  width?: number;
  attributes?: Record<string, string>;
  children?: Node[];
}

interface Trees {
  __renderToDomTree(tex: string, options: object): Node;
}

const LONGEST = 6000;
const OPTIONS = { output: "mathml", throwOnError: true, strict: "ignore", trust: false, maxSize: 20, maxExpand: 500 };

/** The first letters of Unicode's mathematical alphabets: capital and small Latin, digits, capital and small Greek. */
const ALPHABETS: Record<string, readonly (number | null)[]> = {
  bold: [0x1d400, 0x1d41a, 0x1d7ce, 0x1d6a8, 0x1d6c2],
  italic: [0x1d434, 0x1d44e, null, 0x1d6e2, 0x1d6fc],
  "bold-italic": [0x1d468, 0x1d482, null, 0x1d71c, 0x1d736],
  script: [0x1d49c, 0x1d4b6, null, null, null],
  fraktur: [0x1d504, 0x1d51e, null, null, null],
  "double-struck": [0x1d538, 0x1d552, 0x1d7d8, null, null],
  "sans-serif": [0x1d5a0, 0x1d5ba, 0x1d7e2, null, null],
  "bold-sans-serif": [0x1d5d4, 0x1d5ee, 0x1d7ec, 0x1d756, 0x1d770],
  "sans-serif-italic": [0x1d608, 0x1d622, null, null, null],
  "sans-serif-bold-italic": [0x1d63c, 0x1d656, null, 0x1d790, 0x1d7aa],
  monospace: [0x1d670, 0x1d68a, 0x1d7f6, null, null],
};
const RANGES: readonly [string, string][] = [["A", "Z"], ["a", "z"], ["0", "9"], ["Α", "Ω"], ["α", "ω"]];

/** Letters that Unicode had before it had their alphabet. */
const OLDER: Record<string, string> = {
  "italic h": "ℎ",
  "script B": "ℬ", "script E": "ℰ", "script F": "ℱ", "script H": "ℋ", "script I": "ℐ", "script L": "ℒ", "script M": "ℳ", "script R": "ℛ",
  "script e": "ℯ", "script g": "ℊ", "script o": "ℴ",
  "fraktur C": "ℭ", "fraktur H": "ℌ", "fraktur I": "ℑ", "fraktur R": "ℜ", "fraktur Z": "ℨ",
  "double-struck C": "ℂ", "double-struck H": "ℍ", "double-struck N": "ℕ", "double-struck P": "ℙ", "double-struck Q": "ℚ", "double-struck R": "ℝ",
  "double-struck Z": "ℤ",
};

/** The pieces of a formula; null for what is none. */
export default function typeset(tex: string, display: boolean): MathPiece[] | null {
  if (tex.length > LONGEST) return null;
  try {
    return pieces((katex as unknown as Trees).__renderToDomTree(tex, { ...OPTIONS, macros: {}, displayMode: display }));
  } catch {
    return null; // what KaTeX cannot read is shown as it was written
  }
}

function pieces(node: Node): MathPiece[] {
  if (node.text !== undefined) return node.text ? [node.text] : [];
  if (node.width !== undefined) return [{ tag: "mspace", attrs: { width: `${node.width}em` }, children: [] }];
  const children = node.children ?? [];
  if (node.type === "semantics") return pieces(children[0]!);
  const inside = spaced(children.flatMap(pieces));
  if (node.type === undefined) return inside;
  const [base, mark] = inside;
  const side = LINES[node.type];
  if (side && says(mark, "\u203e")) return [{ tag: "menclose", attrs: { notation: side }, children: [base!] }];
  const { mathvariant: variant, ...attrs } = node.attributes ?? {};
  if (variant === undefined || variant === "normal") return [{ tag: node.type, attrs: node.attributes ?? {}, children: inside }];
  if (node.type === "mtext") return [{ tag: "mtext", attrs: { ...attrs, variant }, children: inside }];
  return [{ tag: node.type, attrs, children: inside.map((child) => (typeof child === "string" ? letters(child, variant) : child)) }];
}

/** Lines over and under, which a font would have to stretch. */
const LINES: Record<string, string> = { mover: "top", munder: "bottom" };

/** TeX's thin spaces around the name of a function, which MathML has not. */
const THIN: MathPiece = { tag: "mspace", attrs: { width: "0.1667em" }, children: [] };

function spaced(all: MathPiece[]): MathPiece[] {
  const applies = (piece: MathPiece | undefined) => says(piece, "\u2061");
  if (!all.some(applies)) return all;
  return all.flatMap((piece, at) => {
    const before = all[at - 1];
    const after = all[at + 1];
    if (applies(piece)) return after === undefined || isFence(after) ? [piece] : [piece, THIN];
    const named = applies(after) && before !== undefined && typeof before !== "string";
    return named && before.tag !== "mo" && before.tag !== "mspace" && !applies(before) ? [THIN, piece] : [piece];
  });
}

function says(piece: MathPiece | undefined, text: string): boolean {
  return typeof piece === "object" && piece.tag === "mo" && piece.children.join("") === text;
}

/** An opening parenthesis, or a row that begins with one. */
function isFence(piece: MathPiece): boolean {
  if (typeof piece === "string") return false;
  if (piece.tag === "mo") return piece.attrs["fence"] === "true" || /^[([{|]$/.test(piece.children.join(""));
  return piece.tag === "mrow" && piece.children[0] !== undefined && isFence(piece.children[0]);
}

/** *text* in one of Unicode's mathematical alphabets, as browsers leave `mathvariant` alone. */
function letters(text: string, variant: string): string {
  return [...text].map((sign) => letter(sign, variant)).join("");
}

function letter(sign: string, variant: string): string {
  const older = OLDER[`${variant} ${sign}`];
  if (older !== undefined) return older;
  const place = RANGES.findIndex(([from, to]) => sign >= from && sign <= to && sign.length === from.length);
  const start = place < 0 ? null : ALPHABETS[variant]?.[place];
  return start == null ? sign : String.fromCodePoint(start + sign.codePointAt(0)! - RANGES[place]![0].codePointAt(0)!);
}
