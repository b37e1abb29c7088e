/** Where a text holds formulas: `$..$`, `$$..$$`, `\(..\)` and `\[..\]`, found with care, as prices are no formulas. */

import type { Token, Tokens, TokenizerThis } from "marked";

export interface MathToken extends Tokens.Generic {
  type: "math";
  text: string;
  display: boolean;
}

/** What a pair of `$$`, or of `\[` and `\]`, may hold; a lone dollar sign within is text within the formula. */
const BODY = String.raw`(?:\\[^()[\]]|\$(?!\$)|[^$\\])+?`;
const DISPLAY = [new RegExp(String.raw`^\$\$(?!\$)(${BODY})\$\$`), /^\\\[((?:\\[^[\]()]|[^\\])+?)\\\]/];
const IN_TEXT = [/^\\\(((?:\\[^()[\]]|[^\\])+?)\\\)/, /^\$(?![\s$])((?:\\[^\n]|[^$\\\n`])*?)(?<!\s)\$(?![\w$])/];
const OPENS = /\$|\\[([]/;
const OPENS_BLOCK = /^ {0,3}(?=\$\$|\\\[)/;
const OPENS_LATER = /\n {0,3}(?=\$\$|\\\[)/g;
const SIGNS = /[\\^_=<>+*/|]/;

/** What marked is told, so that it leaves formulas alone. */
export const MATH = {
  block: [blockMath],
  startBlock: [nextBlock],
  inline: [inlineMath],
  startInline: [(src: string) => nextInline(src)],
};

/** *text* with its formulas replaced, sign for sign, by something that means nothing. */
export function withoutMath(text: string): string {
  if (!OPENS.test(text)) return text;
  let out = "";
  for (let at = 0; at < text.length; ) {
    const next = nextInline(text.slice(at));
    if (next === undefined) return out + text.slice(at);
    const found = math(text.slice(at + next), (out + text.slice(at, at + next)).at(-1));
    const length = found?.raw.length ?? (text[at + next] === "\\" ? 2 : 1);
    out += text.slice(at, at + next) + (found ? "x".repeat(length) : text.slice(at + next, at + next + length));
    at += next + length;
  }
  return out;
}

/** Where, in the end of a text that is still coming, a formula may have begun; -1 where none has. */
export function openMath(text: string): number {
  const shut = withoutMath(text);
  const pair = /(?<![\\$])\$\$(?!\$)|(?<!\\)\\[([]/.exec(shut);
  if (pair) return pair.index;
  const single = /(?<![\w\\$])\$(?![\s\d$])[^\s$`](?:[^$\n`]{0,60})$|[\\$]$/.exec(shut);
  return single && !isProse(single[0]) ? single.index : -1;
}

function blockMath(this: TokenizerThis, src: string): MathToken | undefined {
  const indent = OPENS_BLOCK.exec(src)?.[0].length;
  if (indent === undefined) return undefined;
  const found = first(DISPLAY, paragraph(src.slice(indent)));
  if (!found || isProse(found[1]!)) return undefined;
  const end = /^[ \t]*(?:\n|$)/.exec(src.slice(indent + found[0].length))?.[0].length ?? 0;
  return { type: "math", raw: src.slice(0, indent + found[0].length + end), text: found[1]!, display: true };
}

/** Where a paragraph is broken by a formula that stands on its own. */
function nextBlock(this: TokenizerThis, src: string): number | undefined {
  const own = paragraph(src);
  for (const { index } of own.matchAll(OPENS_LATER)) {
    if (blockMath.call(this, own.slice(index + 1))) return index + 1;
  }
  return undefined;
}

function inlineMath(this: TokenizerThis, src: string, tokens: Token[]): MathToken | undefined {
  return math(src, tokens.at(-1)?.raw.at(-1));
}

function math(src: string, before: string | undefined): MathToken | undefined {
  const opens = src[0];
  if (opens !== "$" && opens !== "\\") return undefined;
  if (opens === "$" && before !== undefined && /[\w$]/.test(before)) return undefined;
  const own = paragraph(src);
  const shown = first(DISPLAY, own);
  const found = shown ?? first(IN_TEXT, own);
  if (!found || (opens === "$" && isProse(found[1]!))) return undefined;
  return { type: "math", raw: found[0], text: found[1]!, display: Boolean(shown) };
}

function nextInline(src: string): number | undefined {
  const at = src.search(OPENS);
  return at < 0 ? undefined : at;
}

function first(patterns: readonly RegExp[], text: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found && found[1]!.trim() !== "") return found;
  }
  return null;
}

/** *src* up to its first blank line: no formula goes on beyond that. */
function paragraph(src: string): string {
  const end = src.search(/\n[ \t]*\n/);
  return end < 0 ? src : src.slice(0, end);
}

/** Whether what stands between dollar signs reads as words, or as a sum of money, rather than as a formula. */
function isProse(text: string): boolean {
  const bare = text.replace(/\\[a-z]+\s*\{[^{}]*\}|\\[a-z]+/gi, "\\");
  return /[a-z]{3,}[,;:.]? [a-z]{3,}/i.test(bare) || (!SIGNS.test(text) && /[a-z]{4,}|^\d[\d.,]*\s?[kmb]?\b.*\s[a-z]{2,}/i.test(bare));
}
