/** "2 of 3": which of the questions asked at this place is shown, and the way to the others. */

import { h, type VNode } from "../dom/vnode.ts";
import type { Turn } from "../state.ts";
import { NAMES, branchOf } from "../strings.ts";
import type { Icon } from "./icons.ts";
import { iconButton } from "./parts.ts";

export function branches(turn: Turn, live: boolean, show: (branch: number) => void): VNode {
  const step = (name: string, drawing: Icon, to: number) => {
    const possible = live && to >= 0 && to < turn.branches;
    // not `disabled`, which would take the keyboard away from who steps to the end
    return iconButton(name, drawing, { class: "pb-small", "aria-disabled": possible ? null : "true", onclick: () => possible && show(to) });
  };
  return h(
    "div",
    { class: "pb-branch", role: "group", "aria-label": NAMES.branches, key: "branches" },
    step(NAMES.previousBranch, "left", turn.branch - 1),
    h("span", {}, branchOf(turn.branch, turn.branches)),
    step(NAMES.nextBranch, "right", turn.branch + 1),
  );
}
