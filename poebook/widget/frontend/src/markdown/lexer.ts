/** The reader of Markdown, with all that an answer may hold. */

import { Lexer, type MarkedOptions, type Token } from "marked";
import { EXTRAS } from "./extras.ts";
import { MATH, withoutMath } from "./math.ts";

export type Links = Lexer["tokens"]["links"];

const EXTENSIONS = {
  renderers: {},
  childTokens: {},
  block: [...MATH.block, ...EXTRAS.block],
  startBlock: [...MATH.startBlock, ...EXTRAS.startBlock],
  inline: [...MATH.inline, ...EXTRAS.inline],
  startInline: [...MATH.startInline, ...EXTRAS.startInline],
};
const OPTIONS = { gfm: true, extensions: EXTENSIONS, hooks: { emStrongMask: withoutMath } } as unknown as MarkedOptions; // of hooks, the one that is needed

/** The block tokens of *text*. */
export function lex(text: string, links: Links): Token[] {
  const lexer = new Lexer(OPTIONS);
  lexer.tokens.links = links;
  return lexer.lex(text);
}

/** The tokens of *text* within a block. */
export function lexInline(text: string): Token[] {
  return new Lexer(OPTIONS).inlineTokens(text);
}
