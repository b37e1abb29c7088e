/** What people think of answers: why they dislike one, how they react, which they pick. */

import type { Answer, Turn } from "../state.ts";
import { NAMES } from "../strings.ts";
import type { Desk } from "./desk.ts";

/** What is open beside an answer; never changed, only replaced. */
export type Asking = { what: "reason"; box: HTMLInputElement } | { what: "reactions" };

export class Opinions {
  private readonly open = new Map<string, Asking>();

  constructor(private readonly desk: Desk) {}

  of(answer: Answer): Asking | null {
    return this.open.get(answer.id) ?? null;
  }

  like(answer: Answer): void {
    this.close(answer);
    this.say(answer, answer.feedback === "like" ? null : "like");
  }

  /** Dislike at once; why may be said, or left out. */
  dislike(answer: Answer): void {
    if (answer.feedback === "dislike") {
      this.close(answer);
      return this.say(answer, null);
    }
    this.say(answer, "dislike");
    const box = document.createElement("input");
    box.type = "text";
    box.maxLength = 2000;
    box.dir = "auto";
    box.placeholder = NAMES.reason;
    box.setAttribute("aria-label", NAMES.reason);
    this.open.set(answer.id, { what: "reason", box });
    this.desk.focus.next(() => box);
    this.desk.soon();
  }

  sendReason(answer: Answer): void {
    const asking = this.of(answer);
    if (asking?.what !== "reason") return;
    const reason = asking.box.value.trim();
    if (reason !== "") this.desk.store.command({ kind: "feedback", answer: answer.id, feedback: "dislike", reason });
    this.leave(answer, NAMES.dislike);
  }

  /** Close what is open, and give the keyboard back to the button that opened it. */
  leave(answer: Answer, button: string): void {
    this.close(answer);
    this.desk.focus.next((root) => root.querySelector<HTMLElement>(`[data-answer="${CSS.escape(answer.id)}"] [aria-label="${button}"]`));
  }

  close(answer: Answer): void {
    if (this.open.delete(answer.id)) this.desk.soon();
  }

  /** Open or close the menu of reactions. */
  react(answer: Answer): void {
    if (this.of(answer)?.what === "reactions") return this.leave(answer, NAMES.react);
    this.open.set(answer.id, { what: "reactions" });
    this.desk.focus.next((root) => root.querySelector<HTMLElement>(`[data-answer="${CSS.escape(answer.id)}"] [role="menuitemcheckbox"]`));
    this.desk.soon();
  }

  reaction(answer: Answer, reaction: string): void {
    const on = !answer.reactions.includes(reaction);
    this.desk.store.command({ kind: "reaction", answer: answer.id, reaction, on });
    if (this.open.has(answer.id)) this.leave(answer, NAMES.react);
  }

  pick(answer: Answer): void {
    const turn = this.turnOf(answer);
    if (turn) this.desk.store.command({ kind: "pick", turn: turn.id, target: answer.picked ? null : answer.target });
  }

  private say(answer: Answer, feedback: "like" | "dislike" | null): void {
    this.desk.store.command({ kind: "feedback", answer: answer.id, feedback });
  }

  private turnOf(answer: Answer): Turn | undefined {
    return this.desk.store.chat?.turns.find((turn) => turn.answers.some((one) => one.id === answer.id));
  }
}
