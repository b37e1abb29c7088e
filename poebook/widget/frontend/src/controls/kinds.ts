/** Which file draws which kind of control. */

import { aspectRatio } from "./aspect_ratio.ts";
import { divider } from "./divider.ts";
import type { Drawn, Setting } from "./drawn.ts";
import { dropDown } from "./drop_down.ts";
import { slider } from "./slider.ts";
import { textArea } from "./text_area.ts";
import { textField } from "./text_field.ts";
import { toggleSwitch } from "./toggle_switch.ts";
import type { BaseControl } from "./types.ts";

const KINDS: { [K in BaseControl["control"]]: (control: Extract<BaseControl, { control: K }>, id: string, set: Setting) => Drawn } = {
  divider,
  text_field: textField,
  text_area: textArea,
  drop_down: dropDown,
  toggle_switch: toggleSwitch,
  slider,
  aspect_ratio: aspectRatio,
};

/** An element for a control; *id* is its own in the page, *set* hears what people choose. */
export function drawControl(control: BaseControl, id: string, set: Setting): Drawn {
  return KINDS[control.control](control as never, id, set);
}
