/** The copy of the conversation that the notebook keeps beside the widget, for whoever opens it without a kernel:
 *  hidden while the widget lives, and put in its place from here where the kernel's own way to it is lost. */

import type { Model } from "./kernel/bridge.ts";
import type { Store } from "./store.ts";

const YOUNG_MS = 1000;
const AFTER_MS = 1000; // what the kernel itself published is there by then
const EDITION = /^<div class="poebook-saved [^"]*" data-edition="(\d+)"/;

/** Hide the copy for as long as a view of the widget shows the conversation itself; the return value ends that. */
export function hideSaved(model: Model, el: HTMLElement, store: Store): () => void {
  const mark = CSS.escape(markOf(model));
  const style = document.createElement("style");
  const rule = `.jp-OutputArea-child:has(> .jp-OutputArea-output .${mark}), .${mark} { display: none; }`;
  let young = true; // nothing flickers while the kernel is asked
  const draw = () => {
    const wanted = store.ready || young ? rule : "";
    if (style.textContent !== wanted) style.textContent = wanted;
  };
  const age = setTimeout(() => {
    young = false;
    draw();
  }, YOUNG_MS);
  const leave = store.watch(draw);
  draw();
  el.append(style);
  return () => {
    clearTimeout(age);
    leave();
    style.remove();
  };
}

/** Keep the copy in the notebook's file as new as the kernel's. */
export function keepSaved(model: Model, store: Store): void {
  const behind = (edition: number) => places(model).filter((place) => place.edition < edition);
  store.hear((message) => {
    const { kind, edition = 0, data } = message as { kind: string; edition?: number; data?: Record<string, string> };
    if (kind === "saved") setTimeout(() => behind(edition).length > 0 && model.send({ kind: "saved" }), AFTER_MS);
    else if (kind === "copy" && data) for (const place of behind(edition)) place.put(data);
  });
}

interface Output {
  data?: Record<string, unknown>;
}

/** What is used of JupyterLab's model of a cell's outputs. */
interface Outputs {
  readonly length: number;
  get(index: number): { toJSON(): Output };
  set(index: number, output: Output): void;
}

interface Place {
  edition: number;
  put(data: Record<string, string>): void;
}

/** Where the notebook that shows the widget has copies of it; none where the front end keeps its notebook to itself. */
function places(model: Model): Place[] {
  const mark = markOf(model);
  const manager = model.widget_manager as { context?: { model?: { cells?: Iterable<{ outputs?: Outputs }> } } } | undefined;
  const found: Place[] = [];
  for (const { outputs } of manager?.context?.model?.cells ?? []) {
    for (let index = 0; outputs && index < outputs.length; index++) {
      const output = outputs.get(index).toJSON();
      const html = text(output.data?.["text/html"]);
      if (!html.includes(mark)) continue;
      found.push({
        edition: Number(EDITION.exec(html)?.[1] ?? -1),
        put: (data) => outputs.set(index, { ...output, data }),
      });
    }
  }
  return found;
}

/** A text of the notebook's format, which may be one of lines. */
function text(value: unknown): string {
  return Array.isArray(value) ? value.join("") : typeof value === "string" ? value : "";
}

function markOf(model: Model): string {
  return `poebook-saved-${String(model.get("chat_id"))}`;
}
