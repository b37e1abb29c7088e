/** What went with a question: files, parameters, and who asked. */

import { changed } from "../controls/values.ts";
import { inWords, type Said } from "../controls/words.ts";
import type { Panel } from "../controls/types.ts";
import { h, type VNode } from "../dom/vnode.ts";
import type { Turn } from "../state.ts";
import { SET_FOR_THIS } from "../strings.ts";
import { sent, type ChipDeeds } from "./chips.ts";

type Asked = Pick<Turn, "attachments" | "parameters" | "user">;

/** Above the question: who asked, where that is not oneself. */
export function asker({ user }: Asked): VNode | null {
  return user === null ? null : h("header", { class: "pb-line", key: "asker" }, h("span", { class: "pb-name", title: user, dir: "auto" }, user));
}

/** Below it: the files, and what was set. */
export function carried(asked: Asked, panels: readonly Panel[], deeds: ChipDeeds): VNode[] {
  const values = inWords(panels, changed(panels, asked.parameters));
  return [
    ...sent(asked.attachments, deeds),
    ...(values.length > 0 ? [h("div", { class: "pb-values", role: "group", "aria-label": SET_FOR_THIS, key: "values" }, values.map(said))] : []),
  ];
}

function said({ label, value }: Said): VNode {
  return h("span", {}, h("span", { dir: "auto", title: label }, label), " ", h("b", { dir: "auto", title: value }, value));
}
