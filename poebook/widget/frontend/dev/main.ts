/** The widget outside a notebook, with a kernel that plays: `npm run dev`, then `?scene=streaming&theme=dark&width=380`. */

import { BENCH, LIVE } from "./bench.ts";
import { aChat, aTarget } from "./make.ts";
import { ODD } from "./odd.ts";
import { CARD, SCENES as OTHERS, type Scene } from "./scenes.ts";
import { clear, settled, show } from "./show.ts";
import { WORKBENCH } from "./workbench.ts";

const SCENES: Record<string, Scene> = { ...OTHERS, ...BENCH, ...WORKBENCH, ...ODD };
const query = new URLSearchParams(location.search);
document.body.dataset["jpThemeLight"] = String(query.get("theme") !== "dark");
Object.assign(window, { SCENES, clear, settled, show });

const targets = (query.get("names") ?? "almanac").split(",").map((one) => aTarget(one, LIVE));
const live: Scene = { title: "Live", card: CARD, chat: aChat(targets, []) };
const width = Number(query.get("width")) || undefined;
const names = query.get("scene")?.split(",") ?? [...Object.keys(SCENES), "live"];

await Promise.all(names.filter(Boolean).map((name) => show(name, SCENES[name] ?? live, width)));
await settled();
document.body.dataset["ready"] = "true";
