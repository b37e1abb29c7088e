/** A list to choose from, which also shows a value that it does not offer. */

import { words } from "./drawn.ts";

export interface Choice {
  select: HTMLSelectElement;
  show(value: unknown): void;
}

export function choice(options: readonly { value: string; name: string }[], set: (value: string) => void): Choice {
  const select = document.createElement("select");
  const foreign = document.createElement("option");
  for (const { value, name } of options) select.append(new Option(name, value));
  select.addEventListener("change", () => set(select.value));
  return {
    select,
    show(value) {
      const wanted = words(value);
      if (options.some((option) => option.value === wanted)) foreign.remove();
      else {
        foreign.value = foreign.textContent = wanted;
        select.prepend(foreign);
      }
      if (select.value !== wanted) select.value = wanted;
    },
  };
}
