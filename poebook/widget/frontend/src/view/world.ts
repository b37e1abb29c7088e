/** The card's second half: how the bot is published, and what to enter where at Poe. */

import { h, type VNode } from "../dom/vnode.ts";
import type { Card, World } from "../kernel/messages.ts";
import { safeLink } from "../markdown/urls.ts";
import * as words from "../strings.ts";
import type { CardDeeds } from "./card.ts";
import { icon } from "./icons.ts";
import { copyButton, note } from "./parts.ts";

const { NAMES } = words;
export const MASK = "\u2022".repeat(12);

export function masked(): VNode {
  return h("span", { class: "pb-mask", role: "img", "aria-label": "hidden" }, MASK);
}

/** What stands beneath the facts of a published bot, each in a part of its own. */
export function outside(shown: Card, world: World, deeds: CardDeeds): (VNode | false)[] {
  const remarks = [
    world.trouble !== null && note(world.trouble, true, "trouble"),
    world.warning !== null && note(words.warned(world.warning), true, "warning"),
    world.until !== null && note(words.endsAt(world.until), false, "until"),
  ].filter((one) => one !== false);
  return [
    remarks.length > 0 && h("div", { class: "pb-world pb-remarks", key: "remarks" }, ...remarks),
    h(
      "section",
      { class: "pb-world", "aria-label": NAMES.checks, key: "checks" },
      h("h4", {}, words.ASKED, h("span", {}, words.passed(world.checks.length, world.at))),
      h(
        "ul",
        { class: "pb-checks" },
        ...world.checks.map((one) => h("li", {}, icon("check"), h("span", {}, one.says), h("span", {}, one.figure))),
      ),
    ),
    h("section", { class: "pb-world", "aria-label": NAMES.atPoe, key: "at-poe" }, h("h4", {}, NAMES.atPoe), steps(shown, world, deeds)),
  ];
}

function steps(shown: Card, world: World, deeds: CardDeeds): VNode {
  const href = safeLink(world.register_at);
  const page = world.register_at.replace(/^https:\/\//, "");
  const link = href === null ? page : h("a", { href, target: "_blank", rel: "noopener noreferrer" }, page);
  const { pushed } = world;
  return h(
    "ol",
    { class: "pb-steps" },
    h("li", {}, h("span", {}, "Open ", link, ".")),
    h(
      "li",
      {},
      h(
        "div",
        {},
        words.ENTER,
        h(
          "dl",
          { class: "pb-facts" },
          ...fact("Name", h("code", { title: world.name }, world.name), copy(NAMES.copyName, deeds, () => deeds.copy(NAMES.copyName, world.name))),
          ...fact("Server URL", h("code", { title: shown.public_url ?? "" }, shown.public_url ?? ""), copyAddress(shown, deeds)),
          ...fact("Access key", masked(), copy(NAMES.copyKey, deeds, deeds.copyKey)),
        ),
      ),
    ),
    h(
      "li",
      {},
      h(
        "div",
        {},
        h("span", {}, "Create the bot, then "),
        deeds.live
          ? h("button", { type: "button", class: "pb-btn pb-low", onclick: deeds.push, key: "push" }, NAMES.push)
          : NAMES.push.toLowerCase(),
        pushed !== null && note(pushed.ok ? `${pushed.says.slice(0, -1)}, ${pushed.at}.` : pushed.says, !pushed.ok, "pushed"),
        note(world.heard === null ? words.WAITING : words.heard(world.heard), false, "heard"),
      ),
    ),
  );
}

function fact(label: string, value: VNode, button: VNode | false): VNode[] {
  return [h("dt", { key: `${label}-t` }, label), h("dd", { key: `${label}-d` }, value, button && h("span", { class: "pb-push" }, button))];
}

function copy(name: string, deeds: CardDeeds, onclick: () => void): VNode | false {
  return deeds.live && copyButton(name, deeds.copied === name, onclick, true);
}

/** Copies the public address; one that holds a secret is fetched from the kernel. */
export function copyAddress(shown: Card, deeds: CardDeeds): VNode | false {
  const secret = shown.world?.secret ?? false;
  if (secret && !deeds.live) return false;
  const onclick = () => (secret ? deeds.copyAddress() : deeds.copy(NAMES.copyPublic, shown.public_url ?? ""));
  return copyButton(NAMES.copyPublic, deeds.copied === NAMES.copyPublic, onclick, true);
}
