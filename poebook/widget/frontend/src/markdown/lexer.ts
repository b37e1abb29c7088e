/** The reader of Markdown, with all that an answer may hold, and nothing that would take long. */

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

/** A paragraph beyond this is shown as it is: nobody writes one, and reading it could take for ever. */
const LONGEST = 20_000;
const ENDLESS_RUN = /([_*~`[\]<>$\\!&])\1{199}/;

/** How deep quotes and lists may stand in each other. */
const DEEPEST = /^(?![ \t]*([-*_])(?:[ \t]*\1)+[ \t]*$)(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])(?=[ \t>*+-])){30}/m;

/** Whether a piece of text is better left as it is. */
export function isTooMuch(text: string): boolean {
  return text.length > LONGEST || ENDLESS_RUN.test(text);
}

class Reader extends Lexer {
  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    if (!isTooMuch(src)) return super.inlineTokens(src, tokens);
    tokens.push(asItIs(src));
    return tokens;
  }
}

/** The block tokens of *text*. */
export function lex(text: string, links: Links): Token[] {
  const lexer = new Reader(OPTIONS);
  lexer.tokens.links = links;
  return DEEPEST.test(text) ? [{ type: "paragraph", raw: text, text, tokens: [asItIs(text)] }] : lexer.lex(text);
}

function asItIs(text: string): Token {
  return { type: "text", raw: text, text, escaped: true };
}

/** The tokens of *text* within a block. */
export function lexInline(text: string): Token[] {
  return new Reader(OPTIONS).inlineTokens(text);
}
