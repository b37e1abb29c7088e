/** What people do in one view: by a button, by a key. */

import { isStreaming, type Answer, type Turn, type Upload } from "../state.ts";
import type { ComposerDeeds } from "./composer.ts";
import type { Desk } from "./desk.ts";
import { Editing } from "./editing.ts";
import { Opinions } from "./opinions.ts";
import { Tracing } from "./tracing.ts";
import type { TranscriptDeeds } from "./transcript.ts";

export class Deeds implements TranscriptDeeds, ComposerDeeds {
  tab = 0;
  readonly editing: Editing;
  readonly tracing: Tracing;
  readonly opinions: Opinions;

  constructor(
    /** Keeps ids apart where one conversation is shown twice. */
    readonly view: string,
    private readonly desk: Desk,
  ) {
    this.editing = new Editing(desk);
    this.tracing = new Tracing(desk);
    this.opinions = new Opinions(desk);
  }

  key(event: KeyboardEvent): void {
    const { store, draft } = this.desk;
    if (event.isComposing || event.defaultPrevented || this.editing.key(event)) return;
    if (event.key === "Escape" && isStreaming(store.chat)) {
      event.preventDefault();
      this.stopAll();
    } else if (event.key === "Escape" && this.escape(event.target as Element)) event.preventDefault();
    else if (event.target !== draft.box) return;
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && draft.box.value === "" && this.editing.last()) event.preventDefault();
  }

  /** Whether Escape closed something. */
  private escape(target: Element): boolean {
    if (!this.tracing.escape(target)) return this.desk.bench.escape();
    this.desk.soon();
    return true;
  }

  // -- asking and stopping ----------------------------------------------------------------------------------

  send(): void {
    const { store, draft } = this.desk;
    if (isStreaming(store.chat) || store.link === "gone" || !store.sendable) return;
    if (store.shelf.waiting) store.hold(() => this.send());
    else this.ask(draft.sent(), store.shelf.taken());
  }

  reply(text: string): void {
    this.ask(text);
  }

  private ask(text: string, attachments: Upload[] = []): void {
    const { store, scroll } = this.desk;
    if (isStreaming(store.chat) || store.link === "gone") return;
    scroll.toEnd();
    store.send(text, attachments);
    this.toBox();
  }

  stop(target: number): void {
    this.desk.store.command({ kind: "stop", target });
  }

  stopAll(): void {
    this.desk.store.command({ kind: "stop" });
    if (!this.desk.focus.returning) this.toBox();
  }

  begin(): void {
    this.desk.store.command({ kind: "new" });
    this.toBox();
  }

  regenerate(answer: Answer): void {
    const { store, focus, scroll } = this.desk;
    const several = (store.chat?.targets.length ?? 1) > 1;
    store.command(several ? { kind: "regenerate", target: answer.target } : { kind: "regenerate" });
    focus.follow(several ? answer.target : null);
    scroll.toEnd();
  }

  branch(turn: Turn, to: number): void {
    this.desk.store.command({ kind: "branch", turn: turn.id, to });
  }

  fork(turn: Turn): void {
    this.desk.store.command({ kind: "fork", turn: turn.id });
  }

  /** Take the last question back, with its files, into the box where that is empty. */
  undo(): void {
    const { store, draft } = this.desk;
    const last = store.chat?.turns.at(-1);
    if (!last) return;
    if (draft.box.value === "") {
      draft.write(last.text);
      store.shelf.putBack(last.attachments.filter((one) => one.state === "ready"));
    }
    store.command({ kind: "undo" });
    this.toBox();
  }

  private toBox(): void {
    this.desk.draft.box.focus({ preventScroll: true });
  }

  // -- with what stands there -------------------------------------------------------------------------------

  copyText(answer: Answer): void {
    void this.desk.copying.text(answer.id, answer.text);
  }

  copyQuestion(id: string, text: string): void {
    void this.desk.copying.text(id, text);
  }

  choose(tab: number): void {
    this.desk.store.tab = tab;
    this.desk.store.tell();
  }

  /** Let the columns scroll together, or each by itself. */
  part(): void {
    this.desk.store.apart = !this.desk.store.apart;
    this.desk.store.tell();
  }
}
