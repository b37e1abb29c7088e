/** The program that `loader.ts` loads: one store a model, one view wherever it is shown. */

import type { Model } from "./kernel/bridge.ts";
import { hideSaved, keepSaved } from "./saved.ts";
import { Store } from "./store.ts";
import { ChatView } from "./view/chat.ts";

const stores = new Map<string, Store>();

function storeOf(model: Model): Store {
  const id = String(model.get("chat_id"));
  let store = stores.get(id);
  if (!store) stores.set(id, (store = new Store(model)));
  return store;
}

function initialize({ model }: { model: Model }): () => void {
  const end = keepSaved(model, storeOf(model));
  return () => {
    end();
    stores.delete(String(model.get("chat_id")));
  };
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const store = storeOf(model);
  if (!store.ready) store.bridge.hello();
  const view = new ChatView(el, store);
  const show = hideSaved(model, el, store);
  return () => {
    show();
    view.remove();
  };
}

export default { initialize, render };
