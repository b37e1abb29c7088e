/** What people do in one view: by a button, by a key. */

import { isStreaming, type Answer, type Upload } from "../state.ts";
import type { Store } from "../store.ts";
import type { Bench } from "./bench.ts";
import type { ComposerDeeds } from "./composer.ts";
import type { Copying } from "./copying.ts";
import type { Draft } from "./draft.ts";
import type { Focus } from "./focus.ts";
import type { Scroll } from "./scroll.ts";
import type { TranscriptDeeds } from "./transcript.ts";

/** The parts of a view that deeds touch. */
export interface Desk {
  store: Store;
  draft: Draft;
  scroll: Scroll;
  focus: Focus;
  copying: Copying;
  bench: Bench;
}

export class Deeds implements TranscriptDeeds, ComposerDeeds {
  tab = 0;

  constructor(
    /** Keeps ids apart where one conversation is shown twice. */
    readonly view: string,
    private readonly desk: Desk,
  ) {}

  key(event: KeyboardEvent): void {
    const { store, draft } = this.desk;
    if (event.isComposing) return;
    if (event.key === "Escape" && isStreaming(store.chat)) {
      event.preventDefault();
      this.stopAll();
    } else if (event.key === "Escape" && this.desk.bench.escape()) event.preventDefault();
    else if (event.target !== draft.box) return;
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && draft.box.value === "") this.recall(event);
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

  /** The last question into the empty box, to be asked once more or otherwise. */
  private recall(event: Event): void {
    const { store, draft } = this.desk;
    const last = store.chat?.turns.at(-1)?.text;
    if (last === undefined) return;
    event.preventDefault();
    draft.write(last);
    draft.box.setSelectionRange(last.length, last.length);
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

  feedback(answer: Answer, wanted: "like" | "dislike"): void {
    const feedback = answer.feedback === wanted ? null : wanted;
    this.desk.store.command({ kind: "feedback", answer: answer.id, feedback });
  }

  choose(tab: number): void {
    this.desk.store.tab = tab;
    this.desk.store.tell();
  }
}
