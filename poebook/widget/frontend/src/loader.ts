/** The module of every chat's model. It is small, as each model carries its own: the program that draws chats is in one
 *  model that all chats of a kernel share, and is loaded once a page. */

import type { Model } from "./kernel/bridge.ts";
import type Program from "./index.ts";

const GLOBAL = "__poebook_programs";
const PART_PATIENCE_MS = 3000;

interface Loaded {
  program: typeof Program;
  style: string;
}
type Programs = Map<string, Promise<Loaded>>;
type Manager = { get_model?(id: string): Promise<{ get(name: string): unknown }> } | undefined;

async function load(model: Model): Promise<Loaded> {
  const [code, style] = await texts(model);
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    return { program: ((await import(url)) as { default: typeof Program }).default, style: addStyle(style) };
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The program's code and style, from the shared model; where the front end keeps its models apart, from the kernel. */
async function texts(model: Model): Promise<[string, string]> {
  try {
    const shared = await (model.widget_manager as Manager)!.get_model!(String(model.get("program")));
    const [code, style] = [shared.get("code"), shared.get("style")];
    if (typeof code === "string" && typeof style === "string") return [code, style];
  } catch {
    // asked of the kernel
  }
  return Promise.all([part(model, "chat"), part(model, "style")]);
}

function part(model: Model, name: string): Promise<string> {
  return new Promise((resolve) => {
    const ask = () => model.send({ kind: "part", name });
    const again = setInterval(ask, PART_PATIENCE_MS);
    const hear = (message: { kind?: string; name?: string }, buffers: DataView[]) => {
      if (message.kind !== "part" || message.name !== name || !buffers[0]) return;
      clearInterval(again);
      model.off("msg:custom", hear as never);
      resolve(new TextDecoder().decode(buffers[0]));
    };
    model.on("msg:custom", hear as never);
    ask();
  });
}

function addStyle(text: string): string {
  const style = document.createElement("style");
  style.textContent = text;
  document.head.append(style);
  return text;
}

/** The program of this version, which other kernels in the page may have brought already. */
function loaded(model: Model): Promise<Loaded> {
  const page = globalThis as { [GLOBAL]?: Programs };
  const programs = (page[GLOBAL] ??= new Map());
  const version = String(model.get("version"));
  let one = programs.get(version);
  if (!one) {
    programs.set(version, (one = load(model)));
    one.catch(() => programs.delete(version));
  }
  return one;
}

export default {
  async initialize(context: { model: Model }) {
    return (await loaded(context.model)).program.initialize(context);
  },

  async render(context: { model: Model; el: HTMLElement }) {
    const { program, style } = await loaded(context.model);
    const remove = program.render(context);
    requestAnimationFrame(() => {
      if (context.el.getRootNode() instanceof ShadowRoot) context.el.prepend(Object.assign(document.createElement("style"), { textContent: style }));
    });
    return remove;
  },
};
