/** What bots write that Markdown does not know: sizes of pictures, and notes at the foot. */

import type { Tokens, TokenizerThis } from "marked";
import type { Size } from "./size.ts";

export interface NoteToken extends Tokens.Generic {
  type: "note";
  label: string;
}

export interface NoteMarkToken extends Tokens.Generic {
  type: "noteMark";
  label: string;
}

const SIZED = /^!\[([^\]\n]{0,500})\]\([ \t]*(\S{1,100000}?)(?:[ \t]+"([^"\n]*)")?[ \t]+=(\d{1,4})x(\d{1,4})[ \t]*\)/;
const MARK = /^\[\^([^\]\s[]{1,32})\](?!:)/;
const NOTE = /^ {0,3}\[\^([^\]\s[]{1,32})\]:[ \t]+([^\n]+(?:\n(?![ \t]*(?:\n|\[\^))[^\n]+)*)(?:\n|$)/;

export const EXTRAS = {
  block: [note],
  startBlock: [nextNote],
  inline: [mark, sized],
  startInline: [(src: string) => place(src.search(/!\[|\[\^/))],
};

function sized(src: string): (Tokens.Image & { size: Size }) | undefined {
  const found = src.startsWith("![") ? SIZED.exec(src) : null;
  if (!found) return undefined;
  const size = { width: Number(found[4]), height: Number(found[5]) };
  return { type: "image", raw: found[0], href: found[2]!, title: found[3] ?? null, text: found[1]!, tokens: [], size };
}

function mark(src: string): NoteMarkToken | undefined {
  const found = MARK.exec(src);
  return found ? { type: "noteMark", raw: found[0], label: found[1]! } : undefined;
}

function note(this: TokenizerThis, src: string): NoteToken | undefined {
  const found = NOTE.exec(src);
  return found ? { type: "note", raw: found[0], label: found[1]!, tokens: this.lexer.inline(found[2]!, []) } : undefined;
}

function nextNote(src: string): number | undefined {
  const end = src.indexOf("\n\n");
  return place((end < 0 ? src : src.slice(0, end)).search(/(?<=\n) {0,3}\[\^[^\]\s[]{1,32}\]:[ \t]/));
}

function place(at: number): number | undefined {
  return at < 0 ? undefined : at;
}
