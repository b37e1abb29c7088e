/** The widget outside a notebook, with a kernel that plays: `npm run dev`, then `?scene=streaming&theme=dark`. */

import widget from "../src/index.ts";
import { FakeKernel } from "./kernel.ts";
import { aChat, aTarget } from "./make.ts";
import { BENCH, LIVE } from "./bench.ts";
import { CARD, LONG, OSLO, SCENES as OTHERS, type Scene } from "./scenes.ts";

const SCENES: Record<string, Scene> = { ...OTHERS, ...BENCH };

const query = new URLSearchParams(location.search);
const main = document.querySelector("main")!;
document.body.dataset["jpThemeLight"] = String(query.get("theme") !== "dark");

const part = async (name: string) => (await fetch(`/${name}.js`)).arrayBuffer();

for (const name of query.get("scene")?.split(",") ?? [...Object.keys(SCENES), "live"]) {
  const targets = (query.get("names") ?? "almanac").split(",").map((one) => aTarget(one, LIVE));
  const scene: Scene = SCENES[name] ?? { title: "Live", card: CARD, chat: aChat(targets, []) };
  const kernel = new FakeKernel(
    name,
    scene.chat && { ...scene.chat, id: SCENES[name] ? `${name}-${performance.timeOrigin}` : name }, // drafts of scenes do not outlive them
    scene.card ?? null,
    {
      pace: Number(query.get("pace") ?? 8),
      text: (question, target) => {
        const body = query.get("text") === "huge" ? LONG.repeat(40) : (question.includes("long") ? LONG : OSLO);
        return target ? body.slice(0, 400) : body;
      },
      replies: ["Explain the formula", "The same for Tromsø"],
      ...(scene.stall && { stall: scene.stall }),
    },
    part,
    scene.traces,
    scene.others,
  );
  const section = document.createElement("section");
  section.className = "nb-case";
  section.innerHTML = `<h2><b></b></h2><div class="nb-row"><div></div><div class="nb-out"></div></div>`;
  section.querySelector("b")!.textContent = scene.title;
  const out = section.querySelector<HTMLElement>(".nb-out")!;
  if (scene.width) out.style.width = `${scene.width}px`;
  main.append(section);
  Object.assign(window, { [`kernel_${name}`]: kernel });
  widget.initialize({ model: kernel });
  widget.render({ model: kernel, el: out });
  setTimeout(() => {
    void scene.act?.(out);
    if (scene.then === "gone") kernel.die();
    if (scene.then === "draft") out.querySelector("textarea")?.focus({ preventScroll: true });
    if (scene.then !== "busy") return;
    kernel.setBusy(true);
    const box = out.querySelector("textarea")!;
    box.value = "Are you there?";
    box.dispatchEvent(new Event("input"));
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  }, 100);
}
