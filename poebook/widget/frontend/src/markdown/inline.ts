/** Text within a block: from tokens to vnodes. Raw HTML is text, but for a few plain tags without attributes. */

import type { Token, Tokens } from "marked";
import { h, type Child, type VNode } from "../dom/vnode.ts";
import { chip, figure } from "../view/files.ts";
import { kindOf, picture, player, type Medium } from "../view/media.ts";
import { plainName } from "../view/names.ts";
import type { FileState } from "../state.ts";
import { decode } from "./entities.ts";
import type { NoteMarkToken } from "./extras.ts";
import type { MathToken } from "./math.ts";
import type { Size } from "./size.ts";
import { safeLink } from "./urls.ts";

const PLAIN = new Set(["b", "i", "em", "strong", "u", "s", "del", "ins", "sub", "sup", "kbd", "mark", "small", "code"]);
const TAG = /^<(\/?)([a-z][a-z0-9]*)\s*(\/?)>$/i;
const COMMENT = /^<!--[\s\S]*-->\s*$/;

/** What of an answer's surroundings its text needs: colours for code and formulas (null where there are none), and which
 *  remote pictures somebody asked for. */
export interface Show {
  paint(code: string, language: string): Child[] | null;
  math(tex: string, display: boolean): VNode | null;
  loaded(href: string): boolean;
  /** The file of the answer that lies at an address. */
  file?(href: string): FileState | undefined;
}

type Render = (token: never, show: Show) => Child[];

const RENDER: Record<string, Render> = {
  text: (token: Tokens.Text, show) => (token.tokens ? inline(token.tokens, show) : [decode(token.text)]),
  escape: (token: Tokens.Escape) => [token.text],
  strong: (token: Tokens.Strong, show) => [h("strong", {}, inline(token.tokens, show))],
  em: (token: Tokens.Em, show) => [h("em", {}, inline(token.tokens, show))],
  del: (token: Tokens.Del, show) => [h("del", {}, inline(token.tokens, show))],
  codespan: (token: Tokens.Codespan) => [h("code", {}, token.text)],
  br: () => [h("br")],
  link: (token: Tokens.Link, show) => link(token, show),
  image: (token: Tokens.Image, show) => [image(token, show)],
  math: (token: MathToken, show) => [show.math(token.text, token.display) ?? token.raw],
  noteMark: (token: NoteMarkToken) => [h("sup", {}, token.label)],
  checkbox: (token: { checked?: boolean }) => [checkbox(token.checked ?? false), " "],
};

/** The vnodes of a block's inline tokens. */
export function inline(tokens: readonly Token[], show: Show): Child[] {
  const out: Child[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.type !== "html") {
      out.push(...(RENDER[token.type]?.(token as never, show) ?? [token.raw]));
      continue;
    }
    const [children, last] = html(tokens, i, show);
    out.push(...children);
    i = last;
  }
  return joined(out);
}

/** A task's box; it shows, and cannot be ticked. */
export function checkbox(checked: boolean): Child {
  return h("input", { type: "checkbox", disabled: true, checked, "aria-label": checked ? "done" : "to do" });
}

/** Raw HTML at place *i*, and the last place that it took. */
function html(tokens: readonly Token[], i: number, show: Show): [Child[], number] {
  const raw = tokens[i]!.raw;
  const [, closing, tag, empty] = TAG.exec(raw.trim()) ?? [];
  const name = tag?.toLowerCase();
  if (name === "br") return [[h("br")], i];
  if (name !== undefined && !closing && !empty && PLAIN.has(name)) {
    const end = closingPlace(tokens, i, name);
    if (end > 0) return [[h(name, {}, inline(tokens.slice(i + 1, end), show))], end];
  }
  return [COMMENT.test(raw) ? [] : [raw], i];
}

function closingPlace(tokens: readonly Token[], from: number, name: string): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i]!;
    const [, closing, tag] = token.type === "html" ? (TAG.exec(token.raw.trim()) ?? []) : [];
    if (tag?.toLowerCase() !== name) continue;
    depth += closing ? -1 : 1;
    if (depth === 0) return i;
  }
  return -1;
}

function link(token: Tokens.Link, show: Show): Child[] {
  const href = safeLink(decode(token.href));
  const children = inline(token.tokens, show);
  if (href === null) return children;
  const title = token.title ? decode(token.title) : null;
  return [h("a", { href, title, target: "_blank", rel: "noopener noreferrer" }, children)];
}

/** A picture, or whatever else the file is that the text shows here. */
function image(token: Tokens.Image & { size?: Size }, show: Show): Child {
  const href = decode(token.href);
  const alt = decode(token.text);
  const medium: Medium = { url: href, alt, title: token.title ? decode(token.title) : null, size: token.size ?? null };
  const file = show.file?.(href);
  const kind = file ? kindOf(file.content_type) : "image";
  if (kind === "image") return picture(medium, show.loaded) ?? alt;
  const drawn = kind && player(kind, { ...medium, alt: alt || plainName(file!.name) });
  return drawn ? figure(drawn, file!) : chip(file!);
}

/** Neighbouring strings as one, so that text that grows keeps its node. */
function joined(children: Child[]): Child[] {
  const out: Child[] = [];
  for (const child of children) {
    const last = out.at(-1);
    if (typeof child === "string" && typeof last === "string") out[out.length - 1] = last + child;
    else if (child !== "") out.push(child);
  }
  return out;
}
