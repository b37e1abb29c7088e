/** A row of tabs: one stop for Tab, arrow keys move between them. */

import { h, type VNode } from "../dom/vnode.ts";

export interface TabName {
  id?: string;
  name: string;
  controls: string;
}

export function tabList(label: string, tabs: readonly TabName[], chosen: number, choose: (tab: number) => void, extra = ""): VNode {
  const move = (event: Event) => {
    const { key } = event as KeyboardEvent;
    const at = [...(event.currentTarget as HTMLElement).children].indexOf(event.target as Element); // the choice is drawn later
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[key];
    if (next === undefined) return;
    event.preventDefault();
    choose(next % tabs.length);
    ((event.currentTarget as HTMLElement).children[next % tabs.length] as HTMLElement).focus();
  };
  return h(
    "div",
    { class: `pb-tablist ${extra}`.trim(), role: "tablist", "aria-label": label, key: "tabs", onkeydown: move },
    tabs.map(({ id, name, controls }, index) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id: id ?? null,
          "aria-selected": String(index === chosen),
          "aria-controls": controls,
          tabindex: index === chosen ? null : -1,
          key: `tab-${index}`,
          onclick: () => choose(index),
        },
        name,
      ),
    ),
  );
}
