/** The tree of turns that a kernel keeps; what a page is shown is one path through it. */

import type { Answer, Turn } from "../src/state.ts";

interface Node {
  turn: Turn;
  children: Node[];
  /** Which child is shown; -1 for none. */
  shown: number;
}

export class Tree {
  private root: { children: Node[]; shown: number } = { children: [], shown: -1 };

  constructor(turns: readonly Turn[], readonly others: Readonly<Record<string, Turn[]>> = {}) {
    let at = this.root;
    for (const turn of turns) {
      const node: Node = { turn, children: [], shown: -1 };
      const siblings = (others[turn.id] ?? []).map((other): Node => ({ turn: other, children: [], shown: -1 }));
      at.children = [...siblings.slice(0, turn.branch), node, ...siblings.slice(turn.branch)];
      at.shown = at.children.indexOf(node);
      at = node;
    }
  }

  get path(): Turn[] {
    return this.nodes().map(([node, parent]) => ({ ...node.turn, branch: parent.shown, branches: parent.children.length }));
  }

  /** A turn after the last one. */
  append(turn: Turn): number {
    return this.under(this.nodes().at(-1)?.[0] ?? this.root, turn);
  }

  /** A turn beside the one at *index*, shown in its place. */
  beside(index: number, turn: Turn): void {
    this.under(this.nodes()[index]![1], turn);
  }

  choose(index: number, to: number): void {
    this.nodes()[index]![1].shown = to;
  }

  undo(): number {
    const nodes = this.nodes();
    nodes.at(-1)![1].shown = -1;
    return nodes.length - 1;
  }

  clear(): void {
    this.root = { children: [], shown: -1 };
  }

  /** What a change did to the answers of the shown path. */
  take(turns: readonly Turn[]): void {
    this.nodes().forEach(([node], index) => (node.turn = turns[index] ?? node.turn));
  }

  private under(parent: { children: Node[]; shown: number }, turn: Turn): number {
    parent.shown = parent.children.push({ turn, children: [], shown: -1 }) - 1;
    return parent.shown;
  }

  private nodes(): [Node, { children: Node[]; shown: number }][] {
    const out: [Node, { children: Node[]; shown: number }][] = [];
    for (let at: { children: Node[]; shown: number } = this.root; at.shown >= 0; ) {
      const node = at.children[at.shown]!;
      out.push([node, at]);
      at = node;
    }
    return out;
  }
}

/** The answers of a regenerated turn: those of *targets* new, the others as they are. */
export function anew(turn: Turn, targets: readonly number[], make: (target: number) => Answer): Answer[] {
  return turn.answers.map((answer) => (targets.includes(answer.target) ? make(answer.target) : answer));
}
