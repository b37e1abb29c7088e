/** The texts of all answers that a view shows, each read once; again only when something that it lacked has come. */

import type { Child } from "../dom/vnode.ts";
import type { Show } from "../markdown/inline.ts";
import { GrowingText } from "../markdown/text.ts";
import { Stretches } from "../markdown/stretches.ts";
import { CARET } from "../markdown/caret.ts";
import type { Answer } from "../state.ts";
import type { Store } from "../store.ts";
import { Late } from "./late.ts";
import { coloured, type Highlighter } from "./paint.ts";
import { formula, type Typeset } from "./typeset.ts";

/** One answer's text, and what it asked for: late parts by name, pictures by address. */
interface Kept {
  text: GrowingText;
  stretches: Stretches;
  files: number;
  wants: Set<string>;
}

export class Texts {
  /** Changes whenever texts must be read again. */
  edition = 0;
  private readonly growing = new Map<string, Kept>();
  private readonly highlight: Late<Highlighter>;
  private readonly math: Late<Typeset>;

  constructor(
    private readonly store: Store,
    private readonly changed: () => void,
  ) {
    this.highlight = new Late(() => store.part("highlight"), () => this.again("highlight"));
    this.math = new Late(() => store.part("math"), () => this.again("math"));
  }

  /** What an answer's text looks like now. */
  of(answer: Answer): Child[] {
    const open = answer.state === "streaming";
    if (answer.content_type === "text/plain") return open ? [answer.text, CARET] : [answer.text].filter(Boolean);
    let kept = this.growing.get(answer.id);
    if (!kept) this.growing.set(answer.id, (kept = this.begin()));
    if (kept.files !== answer.files.length) {
      kept.files = answer.files.length;
      kept.text.reset(answer.files);
    }
    return kept.stretches.of(kept.text.blocks(answer.text, open));
  }

  /** A text that never grows. */
  once(text: string): Child[] {
    return this.begin().text.blocks(text, false);
  }

  /** Somebody wants to see the picture at *address*. */
  load(address: string): void {
    this.store.loaded.add(address);
    this.again(address);
  }

  private begin(): Kept {
    const wants = new Set<string>();
    return { text: new GrowingText(this.show(wants)), stretches: new Stretches(), files: -1, wants };
  }

  private show(wants: Set<string>): Show {
    return {
      paint: (code, language) => {
        wants.add("highlight");
        return this.highlight.get()?.(code, language)?.map(coloured) ?? null;
      },
      math: (tex, display) => {
        wants.add("math");
        const pieces = this.math.get()?.(tex, display);
        return pieces ? formula(pieces, display) : null;
      },
      loaded: (address) => {
        wants.add(address);
        return this.store.mayLoad(address);
      },
    };
  }

  private again(what: string): void {
    for (const [id, kept] of this.growing) if (kept.wants.has(what)) this.growing.delete(id);
    this.edition++;
    this.changed();
  }
}
