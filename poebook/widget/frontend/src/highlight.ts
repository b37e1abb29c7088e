/** The late part that colours code: highlight.js with the languages that bots speak most. */

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { Piece } from "./view/paint.ts";

const LANGUAGES = { bash, c, cpp, css, diff, go, java, javascript, json, markdown, python, r, rust, sql, typescript, xml, yaml };

/** From highlight.js's scopes to the few that a notebook's editor colours. */
const SCOPES: Record<string, string> = {
  keyword: "keyword",
  built_in: "builtin",
  type: "type",
  literal: "keyword",
  number: "number",
  string: "string",
  regexp: "string",
  subst: "plain",
  symbol: "string",
  char: "string",
  title: "def",
  "title.function": "def",
  "title.class": "def",
  section: "def",
  function: "plain",
  class: "plain",
  comment: "comment",
  quote: "comment",
  doctag: "comment",
  meta: "meta",
  operator: "operator",
  attr: "property",
  attribute: "property",
  property: "property",
  tag: "plain",
  name: "tag",
  "selector-tag": "tag",
  "selector-class": "property",
  "selector-id": "property",
  addition: "number",
  deletion: "string",
  link: "link",
  bullet: "operator",
  strong: "strong",
  emphasis: "emphasis",
  code: "string",
};

/** Gathers the pieces as data, so that no HTML is ever made of code. */
class Gatherer {
  private readonly stack: Piece[][] = [[]];

  addText(text: string): void {
    if (text) this.top.push(text);
  }
  startScope(scope: string): void {
    const piece = { scope: nameOf(scope), children: [] as Piece[] };
    this.top.push(piece);
    this.stack.push(piece.children);
  }
  endScope(): void {
    this.stack.pop();
  }
  openNode(scope: string): void {
    this.startScope(scope);
  }
  closeNode(): void {
    this.endScope();
  }
  __addSublanguage(other: Gatherer): void {
    this.top.push(...other.stack[0]!);
  }
  finalize(): void {}
  toHTML(): string {
    return "";
  }
  get pieces(): Piece[] {
    return this.stack[0]!;
  }
  private get top(): Piece[] {
    return this.stack.at(-1)!;
  }
}

function nameOf(scope: string): string {
  return SCOPES[scope] ?? SCOPES[scope.split(".")[0]!] ?? "plain";
}

for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(["python3", "ipython", "pycon"], { languageName: "python" });
hljs.configure({ __emitter: Gatherer as never });

/** Languages whose operators are coloured, as a notebook's editor does; highlight.js leaves them plain. */
const WITH_OPERATORS = new Set(["python", "javascript", "typescript", "c", "cpp", "java", "go", "rust", "r"]);
const OPERATORS = /([+\-*/%=<>!&|^~]+)/;

function withOperators(pieces: Piece[]): Piece[] {
  return pieces.flatMap((piece): Piece[] => {
    if (typeof piece !== "string") return piece.scope === "plain" ? [{ ...piece, children: withOperators(piece.children) }] : [piece];
    return piece.split(OPERATORS).flatMap((part, index): Piece | Piece[] => (part === "" ? [] : index % 2 ? { scope: "operator", children: [part] } : part));
  });
}

/** The pieces of *code*; null for a language that is not known. */
export default function paint(code: string, language: string): Piece[] | null {
  const known = hljs.getLanguage(language);
  if (!known) return null;
  const result = hljs.highlight(code, { language, ignoreIllegals: true });
  const { pieces } = result._emitter as unknown as Gatherer;
  return WITH_OPERATORS.has((known.name ?? "").toLowerCase().replace("c++", "cpp")) ? withOperators(pieces) : pieces;
}
