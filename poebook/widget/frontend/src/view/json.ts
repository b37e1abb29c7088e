/** JSON for reading: indented, with the colours that code has. Nothing but white space is changed. */

import { h, type Child } from "../dom/vnode.ts";

const COLOURED_CHARS = 40_000; // longer texts are shown plain
const PARTS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
const OPEN = new Set(["{", "["]);
const CLOSE = new Set(["}", "]"]);

export function json(text: string): Child[] {
  if (!isJson(text)) return [text];
  const parts = indented(text);
  if (text.length > COLOURED_CHARS) return [parts.join("")];
  return parts.map((part, index) => {
    const scope = scopeOf(part, parts[index + 1] === ": ");
    return scope === null ? part : h("span", { class: `pb-c-${scope}` }, part);
  });
}

/** The parts of *text*, with the line breaks and spaces that make it readable. */
export function indented(text: string): string[] {
  const parts = text.match(PARTS) ?? [];
  const out: string[] = [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  parts.forEach((part, index) => {
    if (OPEN.has(part)) {
      out.push(part);
      if (CLOSE.has(parts[index + 1] ?? "")) return;
      depth++;
      out.push(line());
    } else if (CLOSE.has(part)) {
      if (!OPEN.has(parts[index - 1] ?? "")) {
        depth--;
        out.push(line());
      }
      out.push(part);
    } else if (part === ",") out.push(part, line());
    else out.push(part === ":" ? ": " : part);
  });
  return out;
}

function scopeOf(part: string, isKey: boolean): string | null {
  if (part.startsWith('"')) return isKey ? "property" : "string";
  if (/^(?:true|false|null)$/.test(part)) return "keyword";
  return /^-?\d/.test(part) ? "number" : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
