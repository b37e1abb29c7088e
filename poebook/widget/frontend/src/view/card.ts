/** The card: which bot this is, how it is, where it is and, hidden, its key. */

import { h, type VNode } from "../dom/vnode.ts";
import type { Card } from "../kernel/messages.ts";
import { COPY_BY_HAND, NAMES, STOPPED } from "../strings.ts";
import { copyButton } from "./parts.ts";

export interface CardDeeds {
  /** Whether the kernel is there; a bot in a kernel that is gone is stopped. */
  live: boolean;
  copied: string | null;
  /** A key that the browser would not copy; shown in a field until it is left. */
  byHand: string | null;
  copy(name: string, text: string): void;
  copyKey(): void;
  leaveByHand(): void;
}

export function card(shown: Card, deeds: CardDeeds): VNode {
  const url = (label: string, name: string, address: string) => [
    h("dt", { key: `${label}-t` }, label),
    h(
      "dd",
      { key: `${label}-d` },
      h("code", { title: address }, address),
      copyButton(name, deeds.copied === name, () => deeds.copy(name, address), true),
    ),
  ];
  return h(
    "section",
    { class: "pb-card", "aria-label": `Bot ${shown.name}`, key: "card" },
    h(
      "header",
      { class: "pb-card-head" },
      h("h3", { title: shown.name }, shown.name),
      h("span", { class: "pb-state", "data-state": deeds.live ? shown.state : "stopped" }, h("i", { class: "pb-dot" }), deeds.live ? shown.word : STOPPED),
      h("span", { class: "pb-meta pb-push" }, `Version ${shown.version}, since ${shown.since}`),
    ),
    h(
      "div",
      { class: "pb-row2" },
      h(
        "dl",
        { class: "pb-facts" },
        shown.public_url !== null && url("Public", NAMES.copyPublic, shown.public_url),
        url("Local", NAMES.copyLocal, shown.url),
      ),
      shown.has_key &&
        h(
          "dl",
          { class: "pb-facts" },
          h("dt", {}, "Key"),
          h(
            "dd",
            {},
            h("span", { class: "pb-mask", role: "img", "aria-label": "hidden" }, "••••••••••••"),
            deeds.live && copyButton(NAMES.copyKey, deeds.copied === NAMES.copyKey, deeds.copyKey, true),
          ),
        ),
    ),
    deeds.byHand !== null && byHand(deeds.byHand, deeds),
  );
}

function byHand(key: string, deeds: CardDeeds): VNode {
  const field = { class: "pb-by-hand", readonly: true, value: key, "aria-label": "Key", onblur: () => deeds.leaveByHand() };
  return h("label", { class: "pb-note pb-by-hand-note", key: "by-hand" }, COPY_BY_HAND, h("input", field));
}
