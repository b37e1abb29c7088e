/** A choice of one among several proportions, drawn beside it. */

import { h, place } from "../dom/vnode.ts";
import { icon } from "../view/icons.ts";
import { choice } from "./choice.ts";
import { framed, words, type Drawn, type Setting } from "./drawn.ts";
import type { AspectRatio, Ratio } from "./types.ts";
import { valueOf } from "./values.ts";

export function aspectRatio(control: AspectRatio, id: string, set: Setting): Drawn {
  const options = control.options.map((option) => ({ value: valueOf(option), name: nameOf(option) }));
  const shape = document.createElement("span");
  const { select, show } = choice(options, set);
  const shown = h("div", { class: "pb-select pb-ratio" }, h("span", { class: "pb-shape", "aria-hidden": "true" }, place(shape)), place(select), icon("down"));
  return {
    element: framed(control, id, select, { shown }),
    show: (value) => {
      show(value);
      const chosen = control.options.find((option) => valueOf(option) === words(value));
      shape.hidden = !chosen;
      if (chosen) Object.assign(shape.style, boxOf(chosen));
    },
  };
}

/** "16:9", and what is sent where that says more. */
function nameOf(option: Ratio): string {
  const proportion = `${option.width}:${option.height}`;
  return valueOf(option) === proportion ? proportion : `${valueOf(option)} (${proportion})`;
}

function boxOf({ width, height }: Ratio): { width: string; height: string } {
  const longer = Math.max(width, height);
  return { width: `${(100 * width) / longer}%`, height: `${(100 * height) / longer}%` };
}
