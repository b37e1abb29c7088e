/** The card: which bot this is, how it is, where it is and, hidden, its key. */

import { h, type VNode } from "../dom/vnode.ts";
import type { Card } from "../kernel/messages.ts";
import { COPY_BY_HAND, NAMES, STOPPED } from "../strings.ts";
import { icon } from "./icons.ts";
import { copyButton, note } from "./parts.ts";
import { copyAddress, masked, outside } from "./world.ts";

export interface CardDeeds {
  /** Whether the kernel is there; a bot in a kernel that is gone is stopped. */
  live: boolean;
  copied: string | null;
  /** A key that the browser would not copy; shown in a field until it is left. */
  byHand: string | null;
  copy(name: string, text: string): void;
  copyKey(): void;
  copyAddress(): void;
  publish(): void;
  unpublish(): void;
  push(): void;
  leaveByHand(): void;
}

export function card(shown: Card, deeds: CardDeeds): VNode[] {
  const world = deeds.live ? shown.world : null;
  return [facts(shown, deeds), ...(world === null ? [] : outside(shown, world, deeds).filter((one) => one !== false))];
}

function facts(shown: Card, deeds: CardDeeds): VNode {
  const url = (label: string, address: string, copy: VNode | false) => [
    h("dt", { key: `${label}-t` }, label),
    h("dd", { key: `${label}-d` }, h("code", { title: address }, address), copy),
  ];
  const copyLocal = copyButton(NAMES.copyLocal, deeds.copied === NAMES.copyLocal, () => deeds.copy(NAMES.copyLocal, shown.url), true);
  return h(
    "section",
    { class: "pb-card", "aria-label": `Bot ${shown.name}`, key: "card" },
    h(
      "header",
      { class: "pb-card-head" },
      h("h3", { title: shown.name }, shown.name),
      h("span", { class: "pb-state", "data-state": !deeds.live ? "stopped" : shown.world?.trouble ? "failed" : shown.state }, h("i", { class: "pb-dot" }), deeds.live ? shown.word : STOPPED),
      h("span", { class: "pb-meta pb-push" }, `Version ${shown.version}, since ${shown.since}`),
      deeds.live && publishing(shown, deeds),
    ),
    h(
      "div",
      { class: "pb-row2" },
      h(
        "dl",
        { class: "pb-facts" },
        shown.public_url !== null && url("Public", shown.public_url, copyAddress(shown, deeds)),
        url("Local", shown.url, copyLocal),
      ),
      shown.has_key &&
        h(
          "dl",
          { class: "pb-facts" },
          shown.world !== null && [h("dt", { key: "via-t" }, "Via"), h("dd", { key: "via-d" }, shown.world.via)],
          h("dt", { key: "key-t" }, "Key"),
          h(
            "dd",
            { key: "key-d" },
            masked(),
            deeds.live && copyButton(NAMES.copyKey, deeds.copied === NAMES.copyKey, deeds.copyKey, true),
          ),
        ),
    ),
    shown.obstacle !== null && note(shown.obstacle, true, "obstacle"),
    deeds.byHand !== null && byHand(deeds.byHand, deeds),
  );
}

/** The button that gives a public address, or takes it away; none where it would do nothing. */
function publishing(shown: Card, deeds: CardDeeds): VNode | false {
  if (shown.public_url !== null) {
    return h("button", { type: "button", class: "pb-btn", key: "unpublish", onclick: deeds.unpublish }, NAMES.unpublish);
  }
  if (shown.state === "stopped" || !shown.has_key || shown.publishing) return false;
  return h("button", { type: "button", class: "pb-btn", key: "publish", onclick: deeds.publish }, icon("globe"), NAMES.publish);
}

function byHand(key: string, deeds: CardDeeds): VNode {
  const field = { class: "pb-by-hand", readonly: true, value: key, "aria-label": "Key", onblur: () => deeds.leaveByHand() };
  return h("label", { class: "pb-note pb-by-hand-note", key: "by-hand" }, COPY_BY_HAND, h("input", field));
}
