/** The text of one answer while it grows: what is finished is read once and never again. */

import type { Token } from "marked";
import type { Child } from "../dom/vnode.ts";
import { block } from "./block.ts";
import { withCaret } from "./caret.ts";
import type { Show } from "./inline.ts";
import { lex, type Links } from "./lexer.ts";
import { mend, mendCode } from "./tail.ts";

/** Up to this many characters, code that is still coming is coloured at each step. */
const PAINTED_WHILE_OPEN = 6000;

export class GrowingText {
  private finished: Child[] = [];
  private read = "";
  private links: Links = {};

  constructor(private readonly show: Show) {}

  /** Begin again, as when colours or files have become known. */
  reset(files: readonly { url: string; name: string; inline_ref: string | null }[] = []): void {
    this.finished = [];
    this.read = "";
    this.links = {};
    for (const file of files) {
      if (file.inline_ref) this.links[file.inline_ref.toLowerCase()] = { href: file.url, title: file.name };
    }
  }

  /** The blocks of *text*; while it is *open* a caret stands at its end. */
  blocks(text: string, open: boolean): Child[] {
    const whole = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    if (!whole.startsWith(this.read)) this.restart();
    const tail = this.tail(whole.slice(this.read.length), open);
    const children = [...this.finished, ...tail];
    return open ? withCaret(children) : children;
  }

  private restart(): void {
    this.finished = [];
    this.read = "";
  }

  /** Read on from where the finished blocks end; the last block stays open, as what comes next may belong to it. */
  private tail(rest: string, open: boolean): Child[] {
    const tokens = lex(rest, this.links);
    let last = tokens.length - 1;
    while (last >= 0 && tokens[last]!.type === "space") last--;
    const done = tokens.slice(0, Math.max(last, 0));
    for (const token of done) {
      this.finished.push(...block(token, this.show));
      this.read += token.raw;
    }
    const token = tokens[last];
    if (!token) return [];
    if (!open) return block(token, this.show);
    return this.openBlock(token, rest.slice(done.reduce((sum, one) => sum + one.raw.length, 0)));
  }

  private openBlock(token: Token, raw: string): Child[] {
    const show: Show = {
      ...this.show,
      paint: (code, language) => (code.length < PAINTED_WHILE_OPEN ? this.show.paint(code, language) : null),
    };
    if (token.type === "code" && !opensFence(raw)) return lex(mendCode(raw), this.links).flatMap((one) => block(one, show));
    if (raw.endsWith("\n\n") || token.type === "html" || token.type === "math") return block(token, show);
    return lex(mend(raw), this.links).flatMap((one) => block(one, show));
  }
}

/** Whether only the first line of a fence has come, and that not whole. */
function opensFence(raw: string): boolean {
  return !raw.includes("\n");
}
