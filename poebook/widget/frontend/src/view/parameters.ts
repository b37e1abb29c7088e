/** The drawer with the bots' controls. Controls keep their elements, so that nobody's typing or sliding is disturbed. */

import { cells, type Cell } from "../controls/layout.ts";
import type { Drawn } from "../controls/drawn.ts";
import { drawControl } from "../controls/kinds.ts";
import type { BaseControl, Control, Panel, Section, Value, Values } from "../controls/types.ts";
import { effective, inEffect } from "../controls/values.ts";
import { h, place, type VNode } from "../dom/vnode.ts";
import type { Target } from "../state.ts";
import * as words from "../strings.ts";
import { drawer } from "./drawer.ts";
import { icon } from "./icons.ts";

export interface ParameterDeeds {
  set(name: string, value: Value): void;
  reset(): void;
  close(): void;
  soon(): void;
}

/** Bots whose controls are the same share a panel. */
interface Group {
  names: string[];
  panel: Panel;
}

export class Parameters {
  private readonly drawn = new Map<string, { made: string; id: string; drawn: Drawn }>();
  private readonly tabs = new Map<string, number>();
  private used = new Set<string>();
  private count = 0;

  constructor(
    private readonly view: string,
    private readonly deeds: ParameterDeeds,
  ) {}

  draw(targets: readonly Target[], values: Values, changed: boolean): VNode {
    const groups = grouped(targets);
    const panels = groups.map((one) => one.panel);
    const shown = effective(panels, values);
    const now = inEffect(panels, values);
    this.used = new Set();
    const inside = groups.flatMap(({ names, panel }, index) => [
      targets.length > 1 && h("h5", { class: "pb-of", key: `of-${index}` }, words.all(names)),
      ...panel.sections.map((section, at) => this.section(section, `${index}.${at}`, shown, now)),
    ]);
    for (const path of this.drawn.keys()) if (!this.used.has(path)) this.drawn.delete(path);
    const reset = changed && h("button", { type: "button", class: "pb-btn", key: "reset", onclick: () => this.deeds.reset() }, words.NAMES.reset);
    return drawer(
      {
        id: `pb-parameters-${this.view}`,
        title: words.NAMES.parameters,
        name: words.parametersOf(groups.flatMap((one) => one.names)),
        about: words.GO_WITH_NEXT,
        closing: words.NAMES.closeParameters,
        close: () => this.deeds.close(),
        beside: reset,
      },
      inside,
    );
  }

  private section(section: Section, path: string, shown: Values, now: Values): VNode {
    const inside = [
      section.controls?.length ? this.grid(section.controls, path, shown, now) : null,
      section.tabs?.length ? this.tabbed(section, path, shown, now) : null,
    ];
    if (!section.name && !section.collapsed_by_default) return h("div", { class: "pb-section", key: path }, inside);
    const open = !section.collapsed_by_default;
    return h(
      "details",
      { class: "pb-section", key: path, open },
      h("summary", {}, icon("right"), h("span", { dir: "auto" }, section.name || words.MORE_CONTROLS)),
      inside,
    );
  }

  private tabbed({ name, tabs }: Section, path: string, shown: Values, now: Values): VNode {
    const all = tabs ?? [];
    const chosen = Math.min(this.tabs.get(path) ?? 0, all.length - 1);
    const id = (part: string) => `pb-tab-${this.view}-${path}-${part}`;
    const choose = (index: number, event: Event) => {
      this.tabs.set(path, (index + all.length) % all.length);
      const list = (event.currentTarget as HTMLElement).parentElement;
      (list?.children[(index + all.length) % all.length] as HTMLElement | undefined)?.focus();
      this.deeds.soon();
    };
    const buttons = all.map((tab, index) =>
      h(
        "button",
        {
          type: "button", role: "tab", key: index, id: id(String(index)), "aria-selected": String(index === chosen), "aria-controls": id("panel"),
          tabindex: index === chosen ? 0 : -1,
          onclick: (event) => choose(index, event),
          onkeydown: (event) => {
            const step = STEPS[(event as KeyboardEvent).key];
            if (step === undefined) return;
            event.preventDefault();
            choose(step === 0 ? (event as KeyboardEvent).key === "Home" ? 0 : all.length - 1 : index + step, event);
          },
        },
        tab.name || words.unnamedTab(index + 1),
      ),
    );
    return h(
      "div",
      { class: "pb-tabbed", key: `${path}-tabs` },
      h("div", { class: "pb-tablist", role: "tablist", "aria-label": name || words.NAMES.parameters }, buttons),
      h("div", { role: "tabpanel", id: id("panel"), "aria-labelledby": id(String(chosen)), key: `panel-${chosen}` }, this.grid(all[chosen]!.controls, `${path}.${chosen}`, shown, now)),
    );
  }

  private grid(controls: readonly Control[], path: string, shown: Values, now: Values): VNode {
    return h("div", { class: "pb-grid", key: `${path}-grid` }, cells(controls, now).map((cell) => this.cell(cell, `${path}.${cell.key}`, shown)));
  }

  private cell(cell: Cell, path: string, shown: Values): VNode {
    const under = cell.under.map((control, index) => this.control(control, `${path}/${index}`, shown));
    return h(
      "div",
      { class: cell.wide ? "pb-cell pb-wide" : "pb-cell", key: path },
      cell.control && this.control(cell.control, path, shown),
      under.length > 0 && h("div", { class: "pb-under", key: "under" }, under),
    );
  }

  /** The element of a control, made once; a bot that declares the same again keeps it. */
  private control(control: BaseControl, path: string, shown: Values): VNode {
    const made = JSON.stringify(control);
    let kept = this.drawn.get(path);
    if (kept?.made !== made) {
      const id = `pb-control-${this.view}-${++this.count}`;
      const set = (value: Value) => control.control !== "divider" && this.deeds.set(control.parameter_name, value);
      this.drawn.set(path, (kept = { made, id, drawn: drawControl(control, id, set) }));
    }
    this.used.add(path);
    if (control.control !== "divider") kept.drawn.show(shown[control.parameter_name]);
    return place(kept.drawn.element, `control-${kept.id}`);
  }
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: 0, End: 0 };

function grouped(targets: readonly Target[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { name, controls } of targets) {
    if (!controls) continue;
    const key = JSON.stringify(controls);
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { names: [name], panel: controls as unknown as Panel });
  }
  return [...groups.values()];
}
