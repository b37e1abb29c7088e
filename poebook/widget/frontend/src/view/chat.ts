/** One view of the widget: when it is drawn, and of what parts. */

import { patch } from "../dom/patch.ts";
import { h, place, type VNode } from "../dom/vnode.ts";
import { keepKeys } from "../keys.ts";
import { isStreaming, type Chat } from "../state.ts";
import type { Store } from "../store.ts";
import * as words from "../strings.ts";
import { Bench } from "./bench.ts";
import { atEnd, follow } from "./apart.ts";
import { Backlog } from "./backlog.ts";
import { card } from "./card.ts";
import { composer, fit } from "./composer.ts";
import { Copying } from "./copying.ts";
import { Deeds } from "./deeds.ts";
import { Draft } from "./draft.ts";
import { Focus } from "./focus.ts";
import { icon } from "./icons.ts";
import { Memo } from "./memo.ts";
import { note } from "./parts.ts";
import { Rhythm } from "./rhythm.ts";
import { Scroll } from "./scroll.ts";
import { sentence } from "./spoken.ts";
import { Texts } from "./texts.ts";
import { transcript } from "./transcript.ts";

const TICK_MS = 100;
let views = 0;

export class ChatView {
  private readonly root = document.createElement("div");
  private readonly log = document.createElement("div");
  private readonly draft: Draft;
  private readonly scroll: Scroll;
  private readonly focus: Focus;
  private readonly copying: Copying;
  private readonly texts: Texts;
  private readonly memo = new Memo();
  private readonly backlog = new Backlog(() => this.soon());
  private readonly deeds: Deeds;
  private readonly bench: Bench;
  private readonly unwatch: () => void;
  private spoken = "";
  private news = false;
  private readonly rhythm = new Rhythm(() => this.draw());
  private ticker: ReturnType<typeof setInterval> | undefined;

  constructor(
    el: HTMLElement,
    private readonly store: Store,
  ) {
    this.texts = new Texts(store, () => this.soon());
    this.draft = new Draft(store);
    this.scroll = new Scroll(this.log, this.draft.box, () => this.soon());
    this.focus = new Focus(this.root, this.draft.box);
    this.copying = new Copying(store, () => this.soon(), (words) => this.say(words));
    const view = String(++views);
    this.bench = new Bench(this.root, this.draft.box, store, view, () => this.soon());
    this.deeds = new Deeds(view, {
      store,
      draft: this.draft,
      scroll: this.scroll,
      focus: this.focus,
      copying: this.copying,
      bench: this.bench,
      soon: () => this.soon(),
      say: (words) => this.say(words),
    });
    this.root.className = "poebook";
    this.log.className = "pb-log";
    this.log.tabIndex = 0;
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-live", "off"); // what is said of it stands in the status, in sentences
    keepKeys(this.root);
    this.root.addEventListener("keydown", (event) => this.deeds.key(event));
    this.log.addEventListener("click", (event) => this.clicked(event.target as Element));
    this.unwatch = store.watch((ops) => {
      this.news ||= ops.length > 0;
      this.spoken = sentence(store.chat, ops) ?? store.saying ?? this.spoken;
      store.saying = null;
      this.rhythm.soon(ops.some((op) => op.op === "end"));
    });
    el.append(this.root);
    this.draw();
    fit(this.draft.box);
  }

  /** Leave the page. */
  remove(): void {
    this.unwatch();
    this.scroll.end();
    this.backlog.end();
    clearInterval(this.ticker);
    this.rhythm.end();
    this.root.remove();
  }

  private soon(): void {
    this.rhythm.soon();
  }

  private draw(): void {
    const { store } = this;
    const streaming = isStreaming(store.chat);
    const missed = this.scroll.missed;
    this.tick(streaming);
    this.draft.take();
    this.focus.before();
    const ends = atEnd(this.log);
    if (store.chat) this.drawLog(store.chat);
    follow(ends);
    patch(this.root, [h("div", { class: "pb-frame" }, this.drawCard(), this.drawChat(streaming, missed))]);
    if (store.chat) this.deeds.tracing.settle(this.root);
    if (store.chat) this.scroll.settle(this.news);
    this.bench.settle();
    this.news = false;
    this.focus.after(streaming);
    if (this.scroll.missed !== missed) this.soon();
  }

  private drawLog(chat: Chat): void {
    const { store, texts, memo, deeds } = this;
    const { copied } = this.copying;
    this.log.setAttribute("aria-label", words.conversationWith(chat.targets.map((target) => target.name)));
    this.log.classList.toggle("pb-many", chat.targets.length > 3 && chat.turns.length > 0);
    this.log.style.setProperty("--pb-columns", String(chat.targets.length));
    deeds.tab = store.tab;
    deeds.editing.settle();
    patch(this.log, transcript(chat, { store, texts, memo, copied, from: this.backlog.from(chat.turns.length), deeds }));
  }

  private drawCard(): VNode[] {
    if (!this.store.card) return [];
    return card(this.store.card, {
      live: this.store.link !== "gone",
      copied: this.copying.copied,
      byHand: this.copying.byHand,
      copy: (name, text) => void this.copying.text(name, text),
      copyKey: () => void this.copying.key(),
      copyAddress: () => void this.copying.key("address"),
      publish: () => void this.store.command({ kind: "publish" }),
      unpublish: () => void this.store.command({ kind: "unpublish" }),
      push: () => void this.store.command({ kind: "push" }),
      leaveByHand: () => this.copying.leaveByHand(),
    });
  }

  private drawChat(streaming: boolean, missed: boolean): VNode | null {
    const { chat, link, ready } = this.store;
    const trouble = this.trouble();
    const said = h("p", { class: "pb-hidden", role: "status", key: "status" }, trouble ?? this.spoken);
    const warning = trouble !== null && h("div", { class: "pb-notice", key: "notice" }, note(trouble, true));
    if (!chat) return !ready || trouble ? h("section", { class: "pb-chat", key: "chat" }, warning, said) : null;
    const names = chat.targets.map((target) => target.name);
    const empty = chat.turns.length === 0 && this.store.pending.length === 0;
    return h(
      "section",
      { class: "pb-chat", "aria-label": words.chatWith(names), key: "chat" },
      h("div", { class: "pb-view" }, place(this.log, "log"), missed && this.newText()),
      warning,
      composer(
        this.draft.box,
        {
          names,
          streaming,
          empty,
          gone: link === "gone",
          sendable: this.store.sendable && !this.store.holding,
          apart: this.store.apart,
          undoable: chat.turns.length > 0 && !streaming && link !== "gone" && this.store.pending.length === 0,
        },
        this.bench.draw(chat),
        this.deeds,
      ),
      said,
    );
  }

  private newText(): VNode {
    const onclick = () => this.scroll.toEnd();
    return h("button", { type: "button", class: "pb-btn pb-latest", key: "latest", onclick }, icon("latest"), words.NAMES.newText);
  }

  /** What stands between the page and the kernel, in a sentence. */
  private trouble(): string | null {
    const { link, ready, pending } = this.store;
    if (link === "gone") return ready ? words.GONE : words.GONE_UNSEEN;
    if (link !== "busy") return null;
    if (!ready) return words.BUSY_AT_START;
    return pending.length ? words.BUSY : words.BUSY_ELSE;
  }

  private clicked(target: Element): void {
    const button = target.closest<HTMLElement>("[data-do]");
    if (button?.dataset["do"] === "copy-code") void this.copying.code(button);
    if (button?.dataset["do"] === "load-image") this.texts.load(button.dataset["src"] ?? "");
  }

  private say(words: string): void {
    this.spoken = words;
    this.soon();
  }

  /** Durations count while somebody answers. */
  private tick(streaming: boolean): void {
    if (streaming === (this.ticker !== undefined)) return;
    clearInterval(this.ticker);
    this.ticker = streaming ? setInterval(() => this.soon(), TICK_MS) : undefined;
  }
}
