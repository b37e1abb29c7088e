/** What is in effect, what was changed by hand, and what travels: pure, over panels and values. */

import { holds } from "./conditions.ts";
import type { BaseControl, Control, Panel, Ratio, Setter, Value, Values } from "./types.ts";

const ROUNDS = 8; // conditions that contradict each other in a ring come to rest somewhere

/** All controls that set something, from top to bottom, those under conditions too. */
export function setters(panels: readonly Panel[]): Setter[] {
  return panels.flatMap(lists).flatMap((list) => list.flatMap(inside)).filter(sets);
}

/** The default of each parameter; of controls that share a name the first counts. */
export function defaults(panels: readonly Panel[]): Record<string, Value> {
  const all: Record<string, Value> = {};
  for (const control of setters(panels)) {
    if (!Object.hasOwn(all, control.parameter_name)) all[control.parameter_name] = defaultOf(control);
  }
  return all;
}

/** What a control stands at before anybody touches it; where it declares nothing, Poe infers it. */
export function defaultOf(control: Setter): Value {
  return control.default_value ?? INFERRED[control.control](control as never);
}

/** The value that choosing a proportion sends. */
export function valueOf(ratio: Ratio): string {
  return ratio.value ?? `${ratio.width}:${ratio.height}`;
}

const INFERRED: { [K in Setter["control"]]: (control: Extract<Setter, { control: K }>) => Value } = {
  text_field: () => "",
  text_area: () => "",
  toggle_switch: () => false,
  slider: (control) => control.min_value,
  drop_down: (control) => control.options[0]?.value ?? "",
  aspect_ratio: (control) => (control.options[0] ? valueOf(control.options[0]) : ""),
};

/** What is set by hand, else the defaults. */
export function effective(panels: readonly Panel[], values: Values): Record<string, unknown> {
  return { ...defaults(panels), ...values };
}

/** What is set by hand and is not the default anyway. Where a control declares none, only nothing is no change. */
export function changed(panels: readonly Panel[], values: Values): Record<string, unknown> {
  const usual = new Map<string, unknown>();
  for (const { parameter_name: name, control, default_value: value } of setters(panels)) {
    if (!usual.has(name)) usual.set(name, value ?? NOTHING[control]);
  }
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !usual.has(name) || usual.get(name) !== value));
}

const NOTHING: Partial<Record<Setter["control"], Value>> = { text_field: "", text_area: "", toggle_switch: false };

/** The names of parameters that some control shows as things stand. */
export function shown(panels: readonly Panel[], values: Values): Set<string> {
  return settled(panels, values).names;
}

/** What conditions look at: the changed values of controls that are shown, else the defaults. */
export function inEffect(panels: readonly Panel[], values: Values): Values {
  return settled(panels, values).now;
}

/** What goes with a message: the changed values whose controls are shown, and those that no control knows. */
export function travelling(panels: readonly Panel[], values: Values): Record<string, unknown> {
  return kept(panels, changed(panels, values), shown(panels, values));
}

/** What one condition hides may decide another one: look again until nothing more goes away. */
function settled(panels: readonly Panel[], values: Values): { names: Set<string>; now: Values } {
  let now: Values = effective(panels, values);
  let names = visible(panels, now);
  for (let round = 0; round < ROUNDS; round++) {
    const next = effective(panels, kept(panels, values, names));
    const fewer = visible(panels, next);
    const same = fewer.size === names.size && [...fewer].every((name) => names.has(name));
    [now, names] = [next, fewer];
    if (same) break;
  }
  return { names, now };
}

function visible(panels: readonly Panel[], now: Values): Set<string> {
  const open = (control: Control): BaseControl[] =>
    control.control !== "condition" ? [control] : holds(control.condition, now) ? control.controls : [];
  return new Set(panels.flatMap(lists).flatMap((list) => list.flatMap(open)).filter(sets).map((control) => control.parameter_name));
}

function kept(panels: readonly Panel[], values: Values, names: ReadonlySet<string>): Record<string, unknown> {
  const known = new Set(setters(panels).map((control) => control.parameter_name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name) || !known.has(name)));
}

function lists(panel: Panel): Control[][] {
  return panel.sections.flatMap((section) => [section.controls ?? [], ...(section.tabs ?? []).map((tab) => tab.controls)]);
}

function inside(control: Control): BaseControl[] {
  return control.control === "condition" ? control.controls : [control];
}

function sets(control: BaseControl): control is Setter {
  return control.control !== "divider";
}
