/** Where controls stand: conditional ones directly under what they depend on, indented. */

import { asksFor, holds } from "./conditions.ts";
import type { BaseControl, Condition, Control, Values } from "./types.ts";

/** One cell of the grid: a control and what depends on it. A condition on nothing in its list has a cell of its own. */
export interface Cell {
  /** Tells the cell apart from its neighbours, however conditions turn out. */
  key: string;
  control: BaseControl | null;
  under: BaseControl[];
  /** Over both columns. */
  wide: boolean;
}

const WIDE = new Set<BaseControl["control"]>(["divider", "text_area"]);

/** The cells of one list; *values* are those in effect. */
export function cells(controls: readonly Control[], values: Values): Cell[] {
  const all: Cell[] = [];
  controls.forEach((control, index) => {
    const key = String(index);
    if (control.control !== "condition") return all.push({ key, control, under: [], wide: WIDE.has(control.control) });
    if (!holds(control.condition, values)) return undefined;
    const above = all.find((cell) => [cell.control, ...cell.under].some((one) => governs(one, control)));
    if (above) above.under.push(...control.controls);
    else all.push({ key, control: null, under: control.controls, wide: false });
    return undefined;
  });
  return all;
}

function governs(control: BaseControl | null, condition: Condition): boolean {
  return control !== null && control.control !== "divider" && asksFor(condition.condition).includes(control.parameter_name);
}
