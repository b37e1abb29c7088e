/** A choice of one among several. */

import { h, place } from "../dom/vnode.ts";
import { icon } from "../view/icons.ts";
import { choice } from "./choice.ts";
import { framed, type Drawn, type Setting } from "./drawn.ts";
import type { DropDown } from "./types.ts";

export function dropDown(control: DropDown, id: string, set: Setting): Drawn {
  const { select, show } = choice(control.options, set);
  const shown = h("div", { class: "pb-select" }, place(select), icon("down"));
  return { element: framed(control, id, select, { shown }), show };
}
