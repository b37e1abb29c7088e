/** Values in the words of the controls that set them. */

import { setters, valueOf } from "./values.ts";
import type { Panel, Setter, Values } from "./types.ts";

export interface Said {
  label: string;
  value: string;
}

/** Each value with its control's label, in the order of the controls; what no control knows comes last, by its name. */
export function inWords(panels: readonly Panel[], values: Values): Said[] {
  const first = new Map<string, Setter>();
  for (const control of setters(panels)) if (!first.has(control.parameter_name)) first.set(control.parameter_name, control);
  const names = [...first.keys(), ...Object.keys(values).filter((name) => !first.has(name))];
  return names.filter((name) => Object.hasOwn(values, name)).map((name) => {
    const control = first.get(name);
    return { label: control?.label ?? name, value: said(control, values[name]) };
  });
}

function said(control: Setter | undefined, value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (control?.control === "drop_down") return control.options.find((option) => option.value === value)?.name ?? plain(value);
  if (control?.control === "aspect_ratio") {
    const option = control.options.find((one) => valueOf(one) === value);
    return option ? `${option.width}:${option.height}` : plain(value);
  }
  return plain(value);
}

function plain(value: unknown): string {
  return typeof value === "string" ? (value === "" ? "empty" : value) : (JSON.stringify(value) ?? "");
}
