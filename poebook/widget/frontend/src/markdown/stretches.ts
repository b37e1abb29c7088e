/** The blocks of a long text in stretches, each an element of its own: what is far from view then costs nothing at all. */

import { h, type Child, type VNode } from "../dom/vnode.ts";

/** So many blocks stand by themselves; only a text that goes on has stretches. */
const ALONE = 30;
const AT_LEAST = 24;
const AT_MOST = 48;
const CLINGS = new Set(["h4", "h5", "h6", "hr"]); // what follows these stands nearer to them, or farther

export class Stretches {
  private kept: VNode[] = [];

  /** *blocks*, those beyond the first in stretches. A stretch whose blocks are the same as before is the same. */
  of(blocks: readonly Child[]): Child[] {
    const out = blocks.slice(0, ALONE);
    let count = 0;
    let at = ALONE;
    while (at < blocks.length) {
      if (!opens(blocks, at)) {
        out.push(blocks[at++]!);
        continue;
      }
      const end = endOf(blocks, at);
      out.push((this.kept[count] = this.same(count, blocks.slice(at, end))));
      count++;
      at = end;
    }
    this.kept.length = count;
    return out;
  }

  private same(count: number, blocks: Child[]): VNode {
    const old = this.kept[count];
    if (old && old.children.length === blocks.length && blocks.every((block, at) => block === old.children[at])) return old;
    return h("div", { class: "pb-stretch", key: `stretch-${count}` }, blocks);
  }
}

function endOf(blocks: readonly Child[], from: number): number {
  const last = Math.min(blocks.length, from + AT_MOST);
  for (let at = from + AT_LEAST; at < last; at++) if (opens(blocks, at)) return at;
  return last;
}

/** Whether a block is a plain paragraph, which stands as far from what is before it as a stretch does. */
function opens(blocks: readonly Child[], at: number): boolean {
  const [before, block] = [blocks[at - 1]!, blocks[at]!];
  if (typeof block === "string" || block.tag !== "p" || block.attrs["class"] === "pb-foot" || block.key === "caret") return false;
  return typeof before === "string" || !CLINGS.has(before.tag);
}
