/** A number between two others. */

import { framed, words, type Drawn, type Setting } from "./drawn.ts";
import type { Slider } from "./types.ts";

export function slider(control: Slider, id: string, set: Setting): Drawn {
  const input = document.createElement("input");
  const figure = document.createElement("span");
  input.type = "range";
  input.min = String(control.min_value);
  input.max = String(control.max_value);
  input.step = String(control.step);
  figure.className = "pb-figure";
  figure.setAttribute("aria-hidden", "true"); // the slider says it itself
  const fill = () => input.style.setProperty("--pos", `${100 * share(input)}%`);
  input.addEventListener("input", () => {
    figure.textContent = input.value;
    fill();
    set(Number(input.value));
  });
  return {
    element: framed(control, id, input, { beside: figure }),
    show: (value) => {
      if (Number(input.value) !== value) input.value = words(value);
      figure.textContent = words(value);
      fill();
    },
  };
}

function share({ value, min, max }: HTMLInputElement): number {
  const span = Number(max) - Number(min);
  return span > 0 ? (Number(value) - Number(min)) / span : 0;
}
