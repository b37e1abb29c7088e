/** The end of a text that is still coming, made fit to be shown: what is half written there waits or is closed. */

import { openMath, withoutMath } from "./math.ts";

const MARKER = /(?:^|\n)[ \t]*(?:[-=*_+]{1,3}|\d{1,9}[.)]?|#{1,6}|>|\|[^\n]*|`{1,2}|(?:`{3,}|~{3,})[^\n`]*)[ \t]*$/;
const CODE = /(`+)[\s\S]*?\1|\\`/g;
const OPEN_LINK = /!?\[[^\]\n]*(?:\](?:\([^)\n]*)?)?$/;

/** *raw*, the last block, without what may yet turn into something else. */
export function mend(raw: string): string {
  return closed(withoutOpenLink(withoutOpenMath(raw.replace(MARKER, ""))));
}

/** Code that is open: a line that may become its closing fence waits. */
export function mendCode(raw: string): string {
  return raw.replace(/\n[ \t]*(?:`{1,2}|~{1,2})$/, "\n");
}

/** Half a formula is nothing yet. */
function withoutOpenMath(text: string): string {
  const start = text.lastIndexOf("\n\n") + 1;
  const at = openMath(text.slice(start).replace(CODE, hidden));
  return at < 0 || inCode(text.slice(start, start + at)) ? text : text.slice(0, start + at);
}

/** Half a link is its words; half a picture is nothing. */
function withoutOpenLink(text: string): string {
  const found = OPEN_LINK.exec(text);
  if (!found || inCode(text.slice(0, found.index))) return text;
  const before = text.slice(0, found.index);
  if (found[0].startsWith("!")) return before;
  return before + /^\[([^\]\n]*)/.exec(found[0])![1]!;
}

/** Code and emphasis that were begun are ended. */
function closed(text: string): string {
  if (inCode(text)) return text.endsWith("`") ? text.slice(0, -1) : text + "`";
  const { open, loose } = emphasis(masked(text));
  const kept = loose ? text.slice(0, -loose) : text;
  return open.reduce((out, mark) => out.replace(/\s*$/, (space) => mark + space), kept);
}

/** The marks that are open at the end, innermost first, and how many signs at the very end mean nothing yet. */
function emphasis(prose: string): { open: string[]; loose: number } {
  const open: string[] = [];
  for (const found of prose.matchAll(/\*+|_+|~~/g)) {
    const run = found[0];
    const before = prose[found.index - 1] ?? " ";
    const after = prose[found.index + run.length] ?? "";
    const closes = /\S/.test(before) && !(run[0] === "_" && /\w/.test(after));
    const opens = /\S/.test(after) && !(run[0] === "_" && /\w/.test(before));
    let left = run;
    while (closes && open.length && left.startsWith(open.at(-1)!)) left = left.slice(open.pop()!.length);
    if (left === "") continue;
    if (after === "") return { open: open.reverse(), loose: left.length };
    if (opens) open.push(...(left.length === 3 ? ["*", "**"].map((mark) => mark.replaceAll("*", left[0]!)) : [left.slice(0, 2)]));
  }
  return { open: open.reverse(), loose: 0 };
}

/** *text* with its code and escapes made harmless, sign for sign; only its last paragraph matters. */
function masked(text: string): string {
  const last = text.lastIndexOf("\n\n");
  return withoutMath((last < 0 ? text : text.slice(last)).replace(CODE, hidden)).replace(/\\[\s\S]/g, hidden);
}

const hidden = (text: string) => "x".repeat(text.length);

/** Whether inline code is open at the end. */
function inCode(text: string): boolean {
  let fence = "";
  for (const [run] of text.matchAll(/`+/g)) {
    if (fence === "") fence = run;
    else if (fence === run) fence = "";
  }
  return fence === "`";
}
