/** The text of one answer while it grows: what is finished is read once and never again. */

import type { Token, Tokens } from "marked";
import type { Child } from "../dom/vnode.ts";
import type { FileState } from "../state.ts";
import { plainName } from "../view/names.ts";
import { block } from "./block.ts";
import { withCaret } from "./caret.ts";
import type { Show } from "./inline.ts";
import { isTooMuch, lex, type Links } from "./lexer.ts";
import { mend, mendCode } from "./tail.ts";

/** Up to this many characters, code that is still coming is coloured at each step. */
const PAINTED_WHILE_OPEN = 6000;

export class GrowingText {
  private finished: Child[] = [];
  private read = "";
  private links: Links = none();
  private readonly files = new Map<string, FileState>();
  private readonly show: Show;

  constructor(show: Show) {
    this.show = { ...show, file: (href) => this.files.get(href) };
  }

  /** Begin again, as when colours or files have become known. */
  reset(files: readonly FileState[] = []): void {
    this.finished = [];
    this.read = "";
    this.links = none();
    for (const file of files) {
      if (!file.inline_ref) continue;
      this.links[file.inline_ref.toLowerCase()] = { href: file.url, title: plainName(file.name) };
      this.files.set(file.url, file);
    }
  }

  /** The blocks of *text*; while it is *open* a caret stands at its end. */
  blocks(text: string, open: boolean): Child[] {
    const whole = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
    if (!whole.startsWith(this.read)) this.restart();
    const tail = this.tail(whole, open);
    const children = [...this.finished, ...tail];
    return open ? withCaret(children) : children;
  }

  private restart(): void {
    this.finished = [];
    this.read = "";
  }

  /** Read on from where the finished blocks end; the last block stays open, as what comes next may belong to it. */
  private tail(whole: string, open: boolean): Child[] {
    const rest = whole.slice(this.read.length);
    const tokens = lex(rest, this.known());
    let last = tokens.length - 1;
    while (last >= 0 && tokens[last]!.type === "space") last--;
    const done = tokens.slice(0, Math.max(last, 0));
    if (this.define(open ? done : tokens)) {
      this.restart();
      return this.tail(whole, open);
    }
    for (const token of done) {
      this.finished.push(...block(token, this.show));
      this.read += token.raw;
    }
    const token = tokens[last];
    if (!token) return [];
    if (!open) return block(token, this.show);
    return this.openBlock(token, rest.slice(done.reduce((sum, one) => sum + one.raw.length, 0)));
  }

  /** Keep the addresses that *tokens* define; whether a finished block names one of them. */
  private define(tokens: readonly Token[]): boolean {
    let named = false;
    for (const token of tokens) {
      if (token.type === "def" && !Object.hasOwn(this.links, token.tag as string)) {
        const { tag, href, title } = token as Tokens.Def;
        this.links[tag] = { href, title: title ?? null };
        named ||= this.read.toLowerCase().includes(`[${tag}]`);
      } else if (token.type === "blockquote") named = this.define(token.tokens ?? []) || named;
      else if (token.type === "list") for (const item of (token as Tokens.List).items) named = this.define(item.tokens) || named;
    }
    return named;
  }

  private known(): Links {
    return Object.assign(none(), this.links);
  }

  private openBlock(token: Token, raw: string): Child[] {
    const show: Show = {
      ...this.show,
      paint: (code, language) => (code.length < PAINTED_WHILE_OPEN ? this.show.paint(code, language) : null),
    };
    if (token.type === "code" && !opensFence(raw)) return lex(mendCode(raw), this.known()).flatMap((one) => block(one, show));
    if (raw.endsWith("\n\n") || token.type === "html" || token.type === "math" || isTooMuch(raw)) return block(token, show);
    return lex(mend(raw), this.known()).flatMap((one) => block(one, show));
  }
}

/** Without the names that every object has. */
function none(): Links {
  return Object.create(null) as Links;
}

/** Whether only the first line of a fence has come, and that not whole. */
function opensFence(raw: string): boolean {
  return !raw.includes("\n");
}
