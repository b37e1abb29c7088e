/** On or off. */

import { framed, type Drawn, type Setting } from "./drawn.ts";
import type { ToggleSwitch } from "./types.ts";
import { h } from "../dom/vnode.ts";

export function toggleSwitch(control: ToggleSwitch, id: string, set: Setting): Drawn {
  const input = document.createElement("input");
  input.type = "checkbox";
  input.className = "pb-switch";
  input.setAttribute("role", "switch");
  input.addEventListener("change", () => set(input.checked));
  return {
    element: framed(control, id, input, { beside: input, shown: h("span", { hidden: true }) }),
    show: (value) => {
      input.checked = value === true;
    },
  };
}
