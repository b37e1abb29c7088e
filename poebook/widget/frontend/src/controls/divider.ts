/** A line between controls. */

import { build } from "../dom/patch.ts";
import { h } from "../dom/vnode.ts";
import type { Drawn } from "./drawn.ts";

export function divider(): Drawn {
  return { element: build(h("hr", { class: "pb-rule" })), show: () => undefined };
}
