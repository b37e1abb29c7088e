/** What a bot declares of itself, and what Poe assumes where it says nothing. Roles are written out, as a narrow output shows no table. */

import { h, type Child, type VNode } from "../dom/vnode.ts";
import type { Setting, Target } from "../state.ts";
import * as words from "../strings.ts";
import { drawer } from "./drawer.ts";
import { told } from "./failure.ts";
import { icon } from "./icons.ts";

export function settings(targets: readonly Target[], view: string, close: () => void): VNode {
  const names = targets.map((target) => target.name);
  return drawer(
    { id: `pb-settings-${view}`, title: words.NAMES.settings, name: words.settingsOf(names), about: words.DECLARED_AND_ASSUMED, closing: words.NAMES.closeSettings, close },
    targets.map((target, index) => one(target, index, targets.length > 1)),
  );
}

function one({ name, settings, trouble }: Target, index: number, several: boolean): VNode {
  const title = several && h("h5", { class: "pb-of" }, name);
  const failed = trouble && h("div", { class: "pb-error", key: "trouble" }, told(trouble, trouble.fault && words.mendSettings(trouble.fault), `settings-${index}`));
  if (settings.length === 0) return h("div", { class: "pb-section", key: index }, title, failed ?? h("p", { class: "pb-note" }, words.NOT_ASKED));
  return h(
    "div",
    { class: "pb-section", key: index },
    title,
    failed,
    h(
      "table",
      { class: "pb-settings", role: "table", "aria-label": words.settingsOf([name]) },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, words.SETTING_COLUMNS.map((column) => h("th", { scope: "col", role: "columnheader" }, column)))),
      h("tbody", { role: "rowgroup" }, settings.map(row)),
    ),
  );
}

function row({ name, declared, assumed }: Setting): VNode {
  const says = declared !== null && declared !== undefined;
  return h(
    "tr",
    { key: name, role: "row" },
    h("th", { scope: "row", role: "rowheader" }, h("code", {}, name)),
    h("td", { role: "cell" }, says ? value(declared) : h("span", { class: "pb-quiet" }, words.SAYS_NOTHING)),
    h("td", { role: "cell", class: says ? "pb-moot" : null }, says ? null : isNothing(assumed) ? h("span", { class: "pb-quiet" }, words.ASSUMES_NOTHING) : value(assumed)),
  );
}

const isNothing = (given: unknown) => given === null || given === undefined || given === "";

/** Small values as they are, large ones behind a click. */
function value(given: unknown): Child {
  const text = typeof given === "string" ? given : (JSON.stringify(given) ?? "");
  if (typeof given !== "object" || text.length <= 60) return h("span", { class: "pb-value", dir: "auto" }, text === "" ? words.EMPTY : text);
  return h("details", {}, h("summary", {}, icon("right"), words.parts(given)), h("pre", { class: "pb-parsed", tabindex: 0 }, JSON.stringify(given, null, 2)));
}
