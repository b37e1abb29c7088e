/** A scene in the page: its own kernel, its own view. */

import widget from "../src/index.ts";
import { FakeKernel, type Script } from "./kernel.ts";
import { LONG, OSLO, type Scene } from "./scenes.ts";

const query = new URLSearchParams(location.search);

/** How each thing that is shown is taken away. */
const leave: (() => void)[] = [];

/** Late parts that were asked for and are not there yet. */
let awaited = 0;

async function part(name: string): Promise<ArrayBuffer> {
  awaited++;
  try {
    return await (await fetch(`/${name}.js`)).arrayBuffer();
  } finally {
    setTimeout(() => awaited--, 50); // it is taken in before it counts as there
  }
}

const SCRIPT: Script = {
  pace: Number(query.get("pace") ?? 8),
  text: (question, target) => {
    const body = query.get("text") === "huge" ? LONG.repeat(40) : (question.includes("long") ? LONG : OSLO);
    return target ? body.slice(0, 400) : body;
  },
  replies: ["Explain the formula", "The same for Tromsø"],
};

/** Show *scene* below what is shown already; its kernel, once what happens in it has happened. */
export async function show(name: string, scene: Scene, width: number | null = scene.width ?? null): Promise<FakeKernel> {
  const chat = scene.chat && { ...scene.chat, id: scene.title === "Live" ? name : `${name}-${performance.timeOrigin}` }; // drafts of scenes do not outlive them
  const script = scene.stall ? { ...SCRIPT, stall: scene.stall } : SCRIPT;
  const kernel = new FakeKernel(name, chat, scene.card ?? null, script, part, scene.traces, scene.others, scene.options);
  const out = place(name, scene.title);
  if (width) out.style.width = `${width}px`;
  Object.assign(window, { [`kernel_${name}`]: kernel });
  leave.push(widget.initialize({ model: kernel }), widget.render({ model: kernel, el: out }));
  await until(() => out.querySelector(scene.chat ? "form textarea" : ".pb-card")); // the kernel has said all
  await pause(60);
  await scene.act?.(out);
  then(scene, kernel, out);
  if (scene.then === "busy") await until(() => out.querySelector(".pb-notice"));
  return kernel;
}

/** Take away all that is shown. */
export function clear(): void {
  for (const end of leave.splice(0)) end();
  document.querySelector("main")!.replaceChildren();
}

/** All that was begun is done. */
export async function settled(): Promise<void> {
  await document.fonts.ready;
  await pause(200);
  await until(() => awaited === 0);
  await pause(100);
}

function place(name: string, title: string): HTMLElement {
  const section = document.createElement("section");
  section.className = "nb-case";
  section.dataset["scene"] = name;
  const heading = document.createElement("h3");
  const bold = document.createElement("b");
  bold.textContent = title;
  heading.append(bold);
  const row = document.createElement("div");
  row.className = "nb-row";
  const out = document.createElement("div");
  out.className = "nb-out";
  row.append(document.createElement("div"), out);
  section.append(heading, row);
  document.querySelector("main")!.append(section);
  return out;
}

function then(scene: Scene, kernel: FakeKernel, out: HTMLElement): void {
  if (scene.then === "gone") kernel.die();
  if (scene.then === "draft") out.querySelector("textarea")?.focus({ preventScroll: true });
  if (scene.then !== "busy") return;
  kernel.setBusy(true);
  const box = out.querySelector("textarea")!;
  box.value = "Are you there?";
  box.dispatchEvent(new Event("input"));
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(condition: () => unknown): Promise<void> {
  for (let tries = 0; !condition() && tries < 200; tries++) await pause(25);
}
