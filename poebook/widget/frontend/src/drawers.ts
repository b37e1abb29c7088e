/** The late part with what opens inside the composer: the bots' controls, and their settings. */

import { Parameters, type ParameterDeeds } from "./view/parameters.ts";
import { settings } from "./view/settings.ts";

const part = { parameters: (view: string, deeds: ParameterDeeds) => new Parameters(view, deeds), settings };

export type DrawersPart = typeof part;
export default part;
