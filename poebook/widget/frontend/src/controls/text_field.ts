/** A box for one line of text. */

import { framed, words, type Drawn, type Setting } from "./drawn.ts";
import type { TextField } from "./types.ts";

export function textField(control: TextField, id: string, set: Setting): Drawn {
  const input = document.createElement("input");
  input.type = "text";
  input.dir = "auto";
  input.autocomplete = "off";
  input.placeholder = control.placeholder ?? "";
  input.addEventListener("input", () => set(input.value));
  return {
    element: framed(control, id, input),
    show: (value) => {
      if (input.value !== words(value)) input.value = words(value);
    },
  };
}
