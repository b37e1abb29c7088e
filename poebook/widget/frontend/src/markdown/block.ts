/** One block of an answer: from its token to a vnode. */

import type { Token, Tokens } from "marked";
import { h, type Child, type VNode } from "../dom/vnode.ts";
import { icon } from "../view/icons.ts";
import { NAMES } from "../strings.ts";
import { direction } from "./direction.ts";
import { checkbox, inline, type Show } from "./inline.ts";
import { lexInline } from "./lexer.ts";
import type { NoteToken } from "./extras.ts";
import type { MathToken } from "./math.ts";

type Render = (token: never, show: Show) => Child[];

const BLOCKS: Record<string, Render> = {
  space: () => [],
  def: () => [],
  hr: () => [h("hr")],
  paragraph: (token: Tokens.Paragraph, show) => [h("p", { dir: direction(token.text) }, inline(token.tokens, show))],
  text: (token: Tokens.Text, show) => (token.tokens ? inline(token.tokens, show) : inline([token], show)),
  heading: (token: Tokens.Heading, show) => [heading(token, show)],
  code: (token: Tokens.Code, show) => [code(token.text, language(token.lang), show)],
  blockquote: (token: Tokens.Blockquote, show) => [h("blockquote", { dir: direction(token.text) }, blocks(token.tokens, show))],
  list: (token: Tokens.List, show) => [list(token, show)],
  table: (token: Tokens.Table, show) => [table(token, show)],
  html: (token: Tokens.HTML, show) => html(token, show),
  note: (token: NoteToken, show) => [h("p", { class: "pb-foot", dir: "auto" }, h("sup", {}, token.label), " ", inline(token.tokens ?? [], show))],
  math: (token: MathToken, show) => [show.math(token.text, true) ?? h("p", { class: "pb-asis" }, token.raw.trim())],
};

/** Cells up to this many characters stay on one line; the table scrolls sideways where it must. */
const LONG_CELL = 32;

/** The vnodes of a row of block tokens. */
export function blocks(tokens: readonly Token[], show: Show): Child[] {
  return tokens.flatMap((token) => block(token, show));
}

/** The vnodes of one block token. */
export function block(token: Token, show: Show): Child[] {
  const render = BLOCKS[token.type];
  return render ? render(token as never, show) : inline([token], show);
}

/** A framed piece of code with its language and a button to copy it. */
export function code(text: string, lang: string, show: Show): VNode {
  return h(
    "div",
    { class: "pb-codebox pb-wide" },
    h(
      "header",
      {},
      h("span", {}, lang || "text"),
      h(
        "button",
        { type: "button", class: "pb-icon pb-small pb-push", "data-do": "copy-code", "aria-label": NAMES.copyCode, title: NAMES.copyCode },
        icon("copy"),
        icon("check"),
      ),
    ),
    h("pre", { tabindex: 0 }, h("code", {}, (lang && show.paint(text, lang)) || text)),
  );
}

function language(info: string | undefined): string {
  return /^[\w+#.-]+/.exec(info ?? "")?.[0] ?? "";
}

function heading(token: Tokens.Heading, show: Show): VNode {
  const level = Math.min(token.depth, 3);
  return h(`h${Math.min(token.depth + 3, 6)}`, { class: `pb-h${level}`, dir: direction(token.text) }, inline(token.tokens, show));
}

function list(token: Tokens.List, show: Show): VNode {
  const items = token.items.map((item) => {
    const children = blocks(item.tokens, show);
    const boxed = item.task && !item.tokens.some((part) => part.type === "checkbox" || hasBox(part));
    return h("li", { class: item.task ? "pb-task" : null }, boxed && [checkbox(item.checked ?? false), " "], children);
  });
  const start = token.ordered && token.start !== 1 && token.start !== "" ? token.start : null;
  const classes = [token.loose && "pb-loose", (token as { goesOn?: boolean }).goesOn && "pb-on"].filter(Boolean).join(" ");
  return h(token.ordered ? "ol" : "ul", { start, dir: direction(token.raw), class: classes || null }, items);
}

function hasBox(token: Token): boolean {
  return "tokens" in token && (token.tokens?.some((part) => part.type === "checkbox") ?? false);
}

function table(token: Tokens.Table, show: Show): VNode {
  const cell = (tag: string, one: Tokens.TableCell, column: number) => {
    const classes = [token.align[column] && `pb-${token.align[column]}`, one.text.length > LONG_CELL && "pb-wrap"].filter(Boolean);
    return h(tag, { class: classes.join(" ") || null }, inline(one.tokens, show));
  };
  return h(
    "div",
    { class: "pb-tablebox pb-wide", tabindex: 0, dir: direction(token.raw) },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, token.header.map((one, column) => cell("th", one, column)))),
      h("tbody", {}, token.rows.map((row) => h("tr", {}, row.map((one, column) => cell("td", one, column))))),
    ),
  );
}

/** A block of raw HTML is read as text, so that a few plain tags still count. */
function html(token: Tokens.HTML, show: Show): Child[] {
  const children = inline(lexInline(token.text.trim()), show);
  return children.length ? [h("p", { class: "pb-asis" }, children)] : [];
}
