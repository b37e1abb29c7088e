/** The late part that draws traces, and knows what is done with them. */

import type { Desk } from "./view/desk.ts";
import { draw } from "./view/trace.ts";
import { TraceDeeds } from "./view/tracedeeds.ts";
import type { Tracing } from "./view/tracing.ts";

const part = { draw, deeds: (desk: Desk, tracing: Tracing) => new TraceDeeds(desk, tracing) };

export type TracePart = typeof part;
export default part;
