/** Code in colours: the same characters, in pieces. */

import assert from "node:assert/strict";
import { test } from "node:test";
import paint from "../src/highlight.ts";
import type { Piece } from "../src/view/paint.ts";

const text = (pieces: readonly Piece[]): string => pieces.map((piece) => (typeof piece === "string" ? piece : text(piece.children))).join("");
const scopes = (pieces: readonly Piece[]): string[] => pieces.flatMap((piece) => (typeof piece === "string" ? [] : [piece.scope, ...scopes(piece.children)]));

const CODE: Record<string, string> = {
  python: 'def f(x: int) -> str:\n    """Doc."""\n    return f"{x!r} < 3" + "a"  # why\n',
  typescript: "export const f = <T>(a: T): T => a; // <b>\n",
  html: '<p class="x">a <script>let a = 1 < 2</script></p>\n',
  bash: 'for f in *; do echo "$f" | wc -l; done\n',
  json: '{"a": [1, true, null]}\n',
  py: "x = 1\n",
};

for (const [language, code] of Object.entries(CODE)) {
  test(`${language} keeps every character`, () => assert.equal(text(paint(code, language)!), code));
}

test("keywords, strings, numbers, definitions, operators and comments are told apart", () => {
  const found = new Set(scopes(paint("def f():\n    return 1 + len('a')  # b", "python")!));
  for (const scope of ["keyword", "string", "number", "def", "operator", "comment", "builtin"]) assert.ok(found.has(scope), scope);
});

test("a language that is not known has no colours", () => assert.equal(paint("x", "klingon"), null));
