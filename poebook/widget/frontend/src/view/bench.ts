/** What stands around the box in one view: files, parameters, settings, and who asks. */

import { changed } from "../controls/values.ts";
import { h, place, type VNode } from "../dom/vnode.ts";
import type { DrawersPart } from "../drawers.ts";
import type { Chat } from "../state.ts";
import type { Store } from "../store.ts";
import * as words from "../strings.ts";
import { watchArrivals } from "./arrivals.ts";
import { toSend } from "./chips.ts";
import { icon } from "./icons.ts";
import { Late } from "./late.ts";
import type { ParameterDeeds, Parameters } from "./parameters.ts";
import { iconButton, note } from "./parts.ts";
import { hasSpeakers, speakers } from "./speaker.ts";

type Drawer = "parameters" | "settings";

/** What the composer draws of it. */
export interface Around {
  above: (VNode | null | false)[];
  tools: (VNode | null | false)[];
  /** What the keys do just now, where that is something else than usual. */
  hint: string | null;
  /** Whether files hang over the view. */
  inviting: boolean;
}

export class Bench {
  private open: Drawer | null = null;
  private unseen: Drawer | null = null;
  private naming = false;
  /** Whether the box for a name has come or gone, and the keyboard is to follow. */
  private renamed = false;
  private over = false;
  private complaint: string | null = null;
  private readonly picker = document.createElement("input");
  private readonly late: Late<DrawersPart>;
  private parameters: Parameters | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly box: HTMLElement,
    private readonly store: Store,
    private readonly view: string,
    private readonly soon: () => void,
  ) {
    this.picker.type = "file";
    this.picker.multiple = true;
    this.picker.hidden = true;
    this.picker.addEventListener("change", () => {
      this.attach([...(this.picker.files ?? [])]);
      this.picker.value = ""; // the same file may be chosen again
    });
    this.late = new Late(() => store.part("drawers"), soon);
    watchArrivals(root, box, {
      open: () => this.live,
      take: (files, folders) => this.attach(files, folders),
      hovering: (over) => {
        if (this.over === over) return;
        this.over = over;
        soon();
      },
    });
    box.addEventListener("input", () => (this.complaint = null));
  }

  /** Whether Escape closed something here. */
  escape(): boolean {
    if (this.store.holding) this.store.hold(null);
    else if (this.open) this.toggle(this.open);
    else return false;
    return true;
  }

  draw(chat: Chat): Around {
    const { shelf } = this.store;
    return {
      above: [
        this.live && this.drawer(chat),
        ...toSend(shelf.uploads, this.store.chips),
        this.complaint !== null && h("div", { class: "pb-complaint", role: "alert", key: "complaint" }, note(this.complaint, true)),
      ],
      tools: this.tools(chat),
      hint: this.over && this.store.takesFiles ? words.HINT_DROP : this.store.holding ? words.HINT_HELD : shelf.waiting ? words.HINT_FILES : null,
      inviting: this.over && this.store.takesFiles,
    };
  }

  /** After the page was drawn: what was opened should be seen, and the box below it. */
  settle(): void {
    this.toName();
    const drawer = this.unseen && this.root.querySelector(`#${CSS.escape(`pb-${this.unseen}-${this.view}`)}`);
    if (!drawer) return;
    this.unseen = null;
    this.box.closest("form")?.scrollIntoView({ block: "nearest" });
    drawer.scrollIntoView({ block: "nearest" });
  }

  private get live(): boolean {
    return this.store.chat !== null && this.store.link !== "gone";
  }

  private tools(chat: Chat): (VNode | null | false)[] {
    if (!this.live) return [];
    const { store } = this;
    const takesFiles = store.takesFiles;
    return [
      takesFiles && place(this.picker, "picker"),
      takesFiles && iconButton(words.NAMES.attach, "attach", { onclick: () => this.picker.click() }),
      ...(store.panels.length > 0 ? this.parameterTools() : []),
      ...this.settingsTools(chat),
      hasSpeakers(chat) &&
        speakers(chat, { speaker: store.speaker, naming: this.naming, disabled: !this.live }, {
          speak: (name) => this.speak(name),
          naming: (on) => this.name(on),
        }),
    ];
  }

  private parameterTools(): VNode[] {
    const { panels, settings } = this.store;
    const count = Object.keys(changed(panels, settings.values)).length;
    const badge = `pb-badge-${this.view}`;
    const button = this.opener("parameters", words.NAMES.parameters, "params", count > 0 ? badge : null);
    return count > 0 ? [button, h("span", { class: "pb-badge", id: badge, key: "badge" }, words.changedCount(count))] : [button];
  }

  private settingsTools(chat: Chat): (VNode | false)[] {
    const failed = chat.targets.some((target) => target.trouble);
    if (!failed && !chat.targets.some((target) => target.settings.length > 0)) return [];
    const badge = `pb-trouble-${this.view}`;
    return [
      this.opener("settings", words.NAMES.settings, "settings", failed ? badge : null),
      failed && h("span", { class: "pb-badge pb-warn", id: badge, key: "trouble" }, icon("warn"), words.SETTINGS_FAILED),
    ];
  }

  private opener(which: Drawer, name: string, icon: "params" | "settings", describedBy: string | null = null): VNode {
    const open = this.open === which;
    return iconButton(name, icon, {
      "aria-expanded": String(open),
      "aria-controls": open ? `pb-${which}-${this.view}` : null,
      "aria-describedby": describedBy,
      "data-drawer": which,
      onclick: () => this.toggle(which),
    });
  }

  private drawer(chat: Chat): VNode | null {
    const { panels, settings: set } = this.store;
    const part = this.open || panels.length > 0 ? this.late.get() : null; // controls come before they are asked for
    if (!part) return null;
    if (this.open === "settings") return part.settings(chat.targets, this.view, () => this.toggle("settings"));
    if (this.open !== "parameters" || panels.length === 0) return null;
    this.parameters ??= part.parameters(this.view, this.parameterDeeds());
    return this.parameters.draw(chat.targets, set.values, Object.keys(changed(panels, set.values)).length > 0);
  }

  private parameterDeeds(): ParameterDeeds {
    const { settings: set } = this.store;
    return {
      set: (name, value) => set.set(name, value),
      reset: () => {
        this.root.querySelector<HTMLElement>(".pb-drawer-head .pb-icon")?.focus(); // the button that was pressed goes away
        set.reset();
      },
      close: () => this.toggle("parameters"),
      soon: this.soon,
    };
  }

  /** Open or close a drawer; the way out of one leads back to its button. */
  private toggle(which: Drawer): void {
    const closing = this.open === which;
    this.open = this.unseen = closing ? null : which;
    if (closing) this.root.querySelector<HTMLElement>(`[data-drawer="${which}"]`)?.focus({ preventScroll: true });
    this.soon();
  }

  private attach(files: File[], folders = false): void {
    const { chat, takesFiles } = this.store;
    if (!chat) return;
    this.complaint = !takesFiles && files.length > 0 ? words.takesNoFiles(refusing(chat)) : folders || files.length === 0 ? words.NO_FOLDERS : null;
    if (takesFiles) this.store.shelf.add(files);
    this.box.focus({ preventScroll: true });
    this.soon();
  }

  private speak(name: string | null): void {
    this.store.speaker = name;
    this.store.tell();
  }

  private name(on: boolean): void {
    if (this.naming === on) return;
    this.naming = on;
    this.renamed = true;
    this.soon();
  }

  /** To the box for a name, and back from it, unless somebody has gone elsewhere. */
  private toName(): void {
    const place = this.renamed && this.root.querySelector<HTMLElement>(this.naming ? ".pb-naming" : ".pb-speaker select");
    if (!place) return;
    this.renamed = false;
    if (this.naming || document.activeElement === document.body) place.focus({ preventScroll: true });
  }
}

function refusing(chat: Chat): string[] {
  return chat.targets.filter((target) => !target.allow_attachments).map((target) => target.name);
}
