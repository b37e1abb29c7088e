/** How an opinion of an answer is shown, and asked for. */

import { h, place, type VNode } from "../dom/vnode.ts";
import type { Answer } from "../state.ts";
import { because, NAMES } from "../strings.ts";
import type { Asking, Opinions } from "./opinions.ts";
import { iconButton } from "./parts.ts";

/** The reactions that are offered, and what each is called. */
const OFFERED: readonly [reaction: string, name: string][] = [
  ["❤️", "Love"],
  ["😂", "Laugh"],
  ["🎉", "Celebrate"],
  ["😮", "Surprise"],
  ["🤔", "Doubt"],
  ["😢", "Sad"],
];
const CALLED = new Map(OFFERED);

/** What somebody thinks of the answer: it stands there as long as they think so. */
export function opinion(one: Answer, live: boolean, opinions: Opinions): VNode | null {
  if (one.reactions.length === 0 && one.reason === null) return null;
  return h(
    "div",
    { class: "pb-opinion", key: "opinion" },
    one.reactions.map((reaction) =>
      h(
        "button",
        {
          type: "button",
          class: "pb-reaction",
          "aria-pressed": "true",
          "aria-label": CALLED.get(reaction) ?? reaction,
          disabled: !live,
          key: reaction,
          onclick: () => opinions.reaction(one, reaction),
        },
        reaction,
      ),
    ),
    one.reason !== null && h("p", { class: "pb-note", dir: "auto", key: "reason" }, because(one.reason)),
  );
}

/** What is open beside the answer's buttons. */
export function asking(one: Answer, open: Asking | null, opinions: Opinions): VNode | null {
  if (open === null) return null;
  return open.what === "reason" ? reason(one, open.box, opinions) : menu(one, opinions);
}

function reason(one: Answer, box: HTMLInputElement, opinions: Opinions): VNode {
  return h(
    "form",
    {
      class: "pb-reason",
      key: "reason",
      onsubmit: (event) => {
        event.preventDefault();
        opinions.sendReason(one);
      },
      onkeydown: (event) => escape(event, () => opinions.leave(one, NAMES.dislike)),
    },
    place(box, "box"),
    h("button", { type: "submit", class: "pb-btn" }, NAMES.sendReason),
    iconButton(NAMES.noReason, "close", { onclick: () => opinions.leave(one, NAMES.dislike) }),
  );
}

function menu(one: Answer, opinions: Opinions): VNode {
  const onkeydown = (event: Event) => {
    escape(event, () => opinions.leave(one, NAMES.react));
    move(event as KeyboardEvent);
  };
  const onfocusout = (event: Event) => {
    const to = (event as FocusEvent).relatedTarget;
    if (to instanceof Node && !(event.currentTarget as Node).contains(to) && !(to as Element).closest?.("[aria-haspopup]")) opinions.close(one);
  };
  return h(
    "div",
    { class: "pb-menu", role: "menu", "aria-label": NAMES.reactions, key: "menu", onkeydown, onfocusout },
    OFFERED.map(([reaction, name], index) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitemcheckbox",
          "aria-checked": String(one.reactions.includes(reaction)),
          "aria-label": name,
          title: name,
          tabindex: index === 0 ? null : -1,
          key: reaction,
          onclick: () => opinions.reaction(one, reaction),
        },
        reaction,
      ),
    ),
  );
}

function escape(event: Event, leave: () => void): void {
  const { key, isComposing } = event as KeyboardEvent;
  if (key !== "Escape" || isComposing) return;
  event.preventDefault();
  leave();
}

/** Arrow keys go round in a menu. */
function move(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as HTMLElement).children] as HTMLElement[];
  const at = items.indexOf(event.target as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1 + items.length, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  items[to % items.length]!.focus();
}
