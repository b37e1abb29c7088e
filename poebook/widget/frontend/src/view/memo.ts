/** Vnodes that are kept as long as what they were made of is the same. */

import type { VNode } from "../dom/vnode.ts";

export class Memo {
  private readonly kept = new Map<string, { from: readonly unknown[]; vnode: VNode }>();

  of(key: string, from: readonly unknown[], make: () => VNode): VNode {
    const old = this.kept.get(key);
    if (old && old.from.length === from.length && old.from.every((part, index) => Object.is(part, from[index]))) return old.vnode;
    const vnode = make();
    this.kept.set(key, { from, vnode });
    return vnode;
  }

  clear(): void {
    this.kept.clear();
  }
}
