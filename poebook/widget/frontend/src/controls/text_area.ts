/** A box for several lines of text, as high as they are. */

import { framed, words, type Drawn, type Setting } from "./drawn.ts";
import type { TextArea } from "./types.ts";

const LINES_AT_MOST = 8;

export function textArea(control: TextArea, id: string, set: Setting): Drawn {
  const box = document.createElement("textarea");
  const fit = () => (box.rows = Math.min(LINES_AT_MOST, Math.max(2, box.value.split("\n").length)));
  box.dir = "auto";
  box.placeholder = control.placeholder ?? "";
  box.addEventListener("input", () => {
    fit();
    set(box.value);
  });
  fit();
  return {
    element: framed(control, id, box),
    show: (value) => {
      if (box.value === words(value)) return;
      box.value = words(value);
      fit();
    },
  };
}
