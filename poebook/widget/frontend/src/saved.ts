/** The copy of the conversation that the notebook keeps beside the widget, for whoever opens it without a kernel:
 *  hidden while the widget lives, and put in its place from here where the kernel's own way to it is lost. */

import { Copies } from "./copies.ts";
import type { Model } from "./kernel/bridge.ts";
import { Notebook } from "./kernel/notebook.ts";
import type { Store } from "./store.ts";

const YOUNG_MS = 1000;
const AFTER_MS = 1000; // what the kernel itself published is there by then

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

/** Keep the copy in the notebook's file as new as the kernel's; the return value ends that. */
export function keepSaved(model: Model, store: Store): () => void {
  const notebook = Notebook.of(model);
  if (notebook === null) return () => undefined;
  const answers = () => store.chat?.turns.at(-1)?.answers ?? [];
  const copies = new Copies(notebook, markOf(model), {
    busy: () => answers().some(({ state }) => state === "streaming"),
    last: () => answers().map(({ id }) => id).join(),
  });
  const ask = () => void model.send({ kind: "saved" });
  store.hear((message) => {
    if (message.kind === "saved") setTimeout(() => copies.isBehind(message.edition) && ask(), AFTER_MS);
    else if (message.kind === "copy") copies.take(message.edition, message.data);
    else if (message.kind === "changes") {
      const { edition, since, data } = message;
      if (!copies.change(edition, since, data) && copies.isBehind(edition)) ask();
    }
  });
  const leave = store.watch(() => store.link === "gone" && copies.close());
  return () => {
    leave();
    copies.end();
  };
}

function markOf(model: Model): string {
  return `poebook-saved-${String(model.get("chat_id"))}`;
}
