/** One view of the widget: when it is drawn, and what happens when somebody does something in it. */

import { patch } from "../dom/patch.ts";
import { h, place, type VNode } from "../dom/vnode.ts";
import { keepKeys } from "../keys.ts";
import { isStreaming, type Answer, type Chat } from "../state.ts";
import type { Store } from "../store.ts";
import * as words from "../strings.ts";
import { card } from "./card.ts";
import { copy } from "./clipboard.ts";
import { composer, fit, textBox } from "./composer.ts";
import { Focus } from "./focus.ts";
import { icon } from "./icons.ts";
import { Memo } from "./memo.ts";
import { Painter } from "./paint.ts";
import { note } from "./parts.ts";
import { Scroll } from "./scroll.ts";
import { sentence } from "./spoken.ts";
import { Texts } from "./texts.ts";
import { transcript, type Look } from "./transcript.ts";

const COPIED_MS = 1500;
const TICK_MS = 100;
let views = 0;

export class ChatView {
  private readonly root = document.createElement("div");
  private readonly log = document.createElement("div");
  private readonly box = textBox();
  private readonly scroll = new Scroll(this.log, this.box, () => this.soon());
  private readonly focus = new Focus(this.root, this.box);
  private readonly painter: Painter;
  private readonly texts: Texts;
  private readonly memo = new Memo();
  private readonly deeds: Look["deeds"];
  private readonly unwatch: () => void;
  private spoken = "";
  private copied: string | null = null;
  private byHand: string | null = null;
  private edition = 0;
  private frame = 0;
  private ticker: ReturnType<typeof setInterval> | undefined;

  constructor(
    el: HTMLElement,
    private readonly store: Store,
  ) {
    this.painter = new Painter(() => store.highlight(), () => this.readAgain());
    this.texts = new Texts({
      paint: (code, language) => this.painter.paint(code, language),
      loaded: (href) => store.loaded.has(href),
    });
    this.deeds = this.answerDeeds(String(++views));
    this.root.className = "poebook";
    this.log.className = "pb-log";
    this.log.tabIndex = 0;
    this.log.setAttribute("role", "log");
    this.box.value = store.draft;
    keepKeys(this.root);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.log.addEventListener("click", (event) => this.clicked(event.target as Element));
    this.box.addEventListener("input", () => this.write(this.box.value));
    this.unwatch = store.watch((ops) => {
      this.spoken = sentence(store.chat, ops) ?? this.spoken;
      this.soon();
    });
    el.append(this.root);
    this.draw();
    fit(this.box);
  }

  /** Leave the page. */
  remove(): void {
    this.unwatch();
    this.scroll.end();
    clearInterval(this.ticker);
    cancelAnimationFrame(this.frame);
    this.root.remove();
  }

  /** Draw at the next frame, however often this is called before it. */
  private soon(): void {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.frame = 0;
    const { store } = this;
    const streaming = isStreaming(store.chat);
    const missed = this.scroll.missed;
    this.tick(streaming);
    this.takeDraft();
    this.focus.before();
    if (store.chat) this.drawLog(store.chat);
    patch(this.root, [h("div", { class: "pb-frame" }, this.drawCard(), this.drawChat(streaming, missed))]);
    if (store.chat) this.scroll.settle();
    this.focus.after(streaming);
    if (this.scroll.missed !== missed) this.soon();
  }

  private drawLog(chat: Chat): void {
    const { store, texts, memo, edition, copied, deeds } = this;
    this.log.setAttribute("aria-label", words.conversationWith(chat.targets.map((target) => target.name)));
    deeds.tab = store.tab;
    patch(this.log, transcript(chat, { store, texts, memo, edition, copied, deeds }));
  }

  private drawCard(): VNode | null {
    if (!this.store.card) return null;
    return card(this.store.card, {
      live: this.store.link !== "gone",
      copied: this.copied,
      byHand: this.byHand,
      copy: (name, text) => void this.copy(name, text),
      copyKey: () => void this.copyKey(),
      leaveByHand: () => this.show({ byHand: null }),
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
        this.box,
        { names, streaming, empty, gone: link === "gone" },
        { send: () => this.send(), stop: () => this.stop(), begin: () => this.begin() },
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

  // -- what people do ---------------------------------------------------------------------------------------

  private answerDeeds(view: string): Look["deeds"] {
    const { store } = this;
    return {
      view,
      tab: 0,
      choose: (tab) => {
        store.tab = tab;
        store.tell();
      },
      stop: (target) => void store.command({ kind: "stop", target }),
      reply: (text) => this.ask(text),
      copyText: (answer) => void this.copy(answer.id, answer.text),
      copyQuestion: (id, text) => void this.copy(id, text),
      regenerate: (answer) => this.regenerate(answer),
      feedback: (answer, wanted) => {
        const feedback = answer.feedback === wanted ? null : wanted;
        store.command({ kind: "feedback", answer: answer.id, feedback });
      },
    };
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Escape" && isStreaming(this.store.chat)) {
      event.preventDefault();
      this.stop();
    } else if (event.target !== this.box) return;
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && this.box.value === "") this.recall(event);
  }

  private clicked(target: Element): void {
    const button = target.closest<HTMLElement>("[data-do]");
    if (button?.dataset["do"] === "copy-code") void this.copyCode(button);
    if (button?.dataset["do"] === "load-image") {
      this.store.loaded.add(button.dataset["src"] ?? "");
      this.readAgain();
    }
  }

  private send(): void {
    const text = this.box.value.trim();
    if (text === "" || isStreaming(this.store.chat)) return;
    this.write("");
    this.ask(text);
  }

  private ask(text: string): void {
    if (isStreaming(this.store.chat) || this.store.link === "gone") return;
    this.scroll.toEnd();
    this.store.send(text);
    this.box.focus({ preventScroll: true });
  }

  private stop(): void {
    this.store.command({ kind: "stop" });
    if (!this.focus.returning) this.box.focus({ preventScroll: true });
  }

  private begin(): void {
    this.store.command({ kind: "new" });
    this.box.focus({ preventScroll: true });
  }

  private regenerate(answer: Answer): void {
    const several = (this.store.chat?.targets.length ?? 1) > 1;
    this.store.command(several ? { kind: "regenerate", target: answer.target } : { kind: "regenerate" });
    this.focus.follow(several ? answer.target : null);
    this.scroll.toEnd();
  }

  /** The last question into the empty box, to be asked once more or otherwise. */
  private recall(event: Event): void {
    const last = this.store.chat?.turns.at(-1)?.text;
    if (last === undefined) return;
    event.preventDefault();
    this.write(last);
    this.box.setSelectionRange(last.length, last.length);
  }

  private write(text: string): void {
    if (this.box.value !== text) this.box.value = text;
    this.store.draft = text;
    fit(this.box);
    this.store.tell();
  }

  /** What another view, or the way back from a lost kernel, left as the draft. */
  private takeDraft(): void {
    if (this.box.value === this.store.draft) return;
    this.box.value = this.store.draft;
    fit(this.box);
  }

  // -- copying ----------------------------------------------------------------------------------------------

  private async copy(what: string, text: string): Promise<void> {
    if (await copy(text)) this.showCopied(what);
  }

  private async copyKey(): Promise<void> {
    const key = await this.store.bridge.key();
    if (await copy(key)) this.showCopied(words.NAMES.copyKey);
    else this.show({ byHand: key });
  }

  private async copyCode(button: HTMLElement): Promise<void> {
    const code = button.closest(".pb-codebox")?.querySelector("pre")?.textContent ?? "";
    if (!(await copy(code))) return;
    button.classList.add("pb-copied");
    button.setAttribute("aria-label", words.NAMES.copied);
    this.say(words.NAMES.copied);
    setTimeout(() => {
      button.classList.remove("pb-copied");
      button.setAttribute("aria-label", words.NAMES.copyCode);
    }, COPIED_MS);
  }

  private showCopied(what: string): void {
    this.say(words.NAMES.copied);
    this.show({ copied: what });
    setTimeout(() => this.copied === what && this.show({ copied: null }), COPIED_MS);
  }

  private say(words: string): void {
    this.spoken = words;
    this.soon();
  }

  private show(change: { copied?: string | null; byHand?: string | null }): void {
    if (change.copied !== undefined) this.copied = change.copied;
    if (change.byHand !== undefined) this.byHand = change.byHand;
    this.soon();
  }

  // -- small change -----------------------------------------------------------------------------------------

  private readAgain(): void {
    this.texts.forget();
    this.edition++;
    this.soon();
  }

  /** Durations count while somebody answers. */
  private tick(streaming: boolean): void {
    if (streaming === (this.ticker !== undefined)) return;
    clearInterval(this.ticker);
    this.ticker = streaming ? setInterval(() => this.soon(), TICK_MS) : undefined;
  }
}
