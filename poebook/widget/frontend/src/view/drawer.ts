/** What opens inside the composer, above the box: a head with a name and a way out, and what is in it. */

import { h, type Child, type VNode } from "../dom/vnode.ts";
import { iconButton } from "./parts.ts";

export interface DrawerHead {
  id: string;
  title: string;
  /** The region's name. */
  name: string;
  about: string;
  /** The name of the button that closes it. */
  closing: string;
  close(): void;
  beside?: VNode | false;
}

export function drawer(head: DrawerHead, inside: (Child | null | false)[]): VNode {
  return h(
    "section",
    { class: "pb-drawer", id: head.id, "aria-label": head.name, key: head.id },
    h(
      "header",
      { class: "pb-drawer-head" },
      h("h4", {}, head.title),
      h("span", { class: "pb-quiet" }, head.about),
      h("span", { class: "pb-push" }, head.beside, iconButton(head.closing, "close", { onclick: () => head.close() })),
    ),
    h("div", { class: "pb-drawer-body" }, inside),
  );
}
