/** The text of one answer while it grows: what is finished is read once and never again. */

import type { Token, Tokens } from "marked";
import type { Child } from "../dom/vnode.ts";
import type { FileState } from "../state.ts";
import { plainName } from "../view/names.ts";
import { blocks } from "./block.ts";
import { withCaret } from "./caret.ts";
import type { Show } from "./inline.ts";
import { isTooMuch, lex, type Links } from "./lexer.ts";
import { mend, mendCode } from "./tail.ts";

/** Up to this many characters, code that is still coming is coloured at each step. */
const PAINTED_WHILE_OPEN = 6000;

/** Of a list with more items than the first, as many as the second are finished at a time. */
const ITEMS = 60;
const PIECE = 50;

export class GrowingText {
  private finished: Child[] = [];
  private read = "";
  /** The number with which a list goes on whose first items are finished. */
  private goesOn: number | null = null;
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
    this.goesOn = null;
  }

  /** Read on from where the finished blocks end; the last block stays open, as what comes next may belong to it. */
  private tail(whole: string, open: boolean): Child[] {
    const rest = whole.slice(this.read.length);
    const tokens = lex(rest, this.known());
    const last = lastBlock(tokens, open);
    const first = tokens[0];
    if (first?.type === "list" && this.take(first as Tokens.List)) return this.tail(whole, open);
    const done = tokens.slice(0, Math.max(last, 0));
    if (this.define(open ? done : tokens)) {
      this.restart();
      return this.tail(whole, open);
    }
    for (const token of done) {
      if (token.type === "list" && (token as Tokens.List).items.length > ITEMS) return this.tail(whole, open); // it is first now
      this.finish([token], token.raw);
      if (token.type !== "space") this.goesOn = null;
    }
    const token = tokens[last];
    if (!token) return [];
    if (!open) return this.drawn([token], this.show);
    return this.openBlock(token, rest.slice(done.reduce((sum, one) => sum + one.raw.length, 0)));
  }

  /** Finish the first items of a long list, so that they are not read again with each that follows. */
  private take(list: Tokens.List): boolean {
    let from = 0;
    for (; list.items.length - from > ITEMS; from += PIECE) {
      const raw = list.items.slice(from, from + PIECE).map((item) => item.raw).join("");
      this.finish(lex(raw, this.known()), raw);
      this.goesOn = Number(this.goesOn ?? (list.start || 1)) + PIECE;
    }
    return from > 0;
  }

  private finish(tokens: readonly Token[], raw: string): void {
    this.finished.push(...this.drawn(tokens, this.show));
    this.read += raw;
  }

  /** The vnodes of *tokens*; a list that goes on from a finished piece counts on. */
  private drawn(tokens: readonly Token[], show: Show): Child[] {
    const first = tokens.find((token) => token.type !== "space");
    if (this.goesOn === null || first?.type !== "list") return blocks(tokens, show);
    const { ordered } = first as Tokens.List;
    const on = { ...first, start: ordered ? this.goesOn : "", goesOn: true } as Token;
    return blocks(tokens.map((token) => (token === first ? on : token)), show);
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
    if (token.type === "code" && !opensFence(raw)) return blocks(lex(mendCode(raw), this.known()), show);
    if (raw.endsWith("\n\n") || token.type === "html" || token.type === "math" || isTooMuch(raw)) return this.drawn([token], show);
    return this.drawn(lex(mend(raw), this.known()), show);
  }
}

/** What may yet become the mark of a list's next item. */
const MARK = /^\s*(?:\d{1,9}[.)]?|[-*+])$/;

/** The place of the block that is still open: the last one, or the list that it may yet belong to. */
function lastBlock(tokens: readonly Token[], open: boolean): number {
  const before = (place: number): number => (place > 0 && tokens[place - 1]!.type === "space" ? before(place - 1) : place - 1);
  const last = before(tokens.length);
  if (!open || last < 1 || !MARK.test(tokens[last]!.raw)) return last;
  const list = before(last);
  return tokens[list]?.type === "list" ? list : last;
}

/** Without the names that every object has. */
function none(): Links {
  return Object.create(null) as Links;
}

/** Whether only the first line of a fence has come, and that not whole. */
function opensFence(raw: string): boolean {
  return !raw.includes("\n");
}
