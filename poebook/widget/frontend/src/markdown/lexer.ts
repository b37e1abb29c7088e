/** The reader of Markdown, with all that an answer may hold. */

import { Lexer, type MarkedOptions, type Token } from "marked";
import { MATH, withoutMath } from "./math.ts";

export type Links = Lexer["tokens"]["links"];

const OPTIONS = { gfm: true, extensions: MATH, hooks: { emStrongMask: withoutMath } } as unknown as MarkedOptions; // of hooks, the one that is needed

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
