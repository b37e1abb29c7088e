/** What a bot lets people set beside a question; `poebook/protocol/controls.py` is where it is written. */

export type Value = string | number | boolean;

/** Values by parameter name. They are untrusted: Python, or another bot, may have set anything. */
export type Values = Readonly<Record<string, unknown>>;

interface Named {
  label: string;
  description?: string | null;
  parameter_name: string;
}

export interface Divider {
  control: "divider";
}

export interface TextField extends Named {
  control: "text_field";
  default_value?: string | null;
  placeholder?: string | null;
}

export interface TextArea extends Named {
  control: "text_area";
  default_value?: string | null;
  placeholder?: string | null;
}

export interface DropDown extends Named {
  control: "drop_down";
  default_value?: string | null;
  options: { value: string; name: string }[];
}

export interface ToggleSwitch extends Named {
  control: "toggle_switch";
  default_value?: boolean | null;
}

export interface Slider extends Named {
  control: "slider";
  default_value?: number | null;
  min_value: number;
  max_value: number;
  step: number;
}

export interface Ratio {
  value?: string | null;
  width: number;
  height: number;
}

export interface AspectRatio extends Named {
  control: "aspect_ratio";
  default_value?: string | null;
  options: Ratio[];
}

/** A control that sets a parameter. */
export type Setter = TextField | TextArea | DropDown | ToggleSwitch | Slider | AspectRatio;
export type BaseControl = Divider | Setter;

export type Side = { literal: Value } | { parameter_name: string };

export interface Comparison {
  comparator: "eq" | "ne" | "gt" | "ge" | "lt" | "le";
  left: Side;
  right: Side;
}

export interface Condition {
  control: "condition";
  condition: Comparison;
  controls: BaseControl[];
}

export type Control = BaseControl | Condition;

export interface Tab {
  name?: string | null;
  controls: Control[];
}

export interface Section {
  name?: string | null;
  controls?: Control[] | null;
  tabs?: Tab[] | null;
  collapsed_by_default?: boolean | null;
}

export interface Panel {
  api_version: string;
  sections: Section[];
}
