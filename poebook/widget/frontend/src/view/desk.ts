/** The parts of one view that what people do touches. */

import type { Store } from "../store.ts";
import type { Bench } from "./bench.ts";
import type { Copying } from "./copying.ts";
import type { Draft } from "./draft.ts";
import type { Focus } from "./focus.ts";
import type { Scroll } from "./scroll.ts";

export interface Desk {
  store: Store;
  draft: Draft;
  scroll: Scroll;
  focus: Focus;
  copying: Copying;
  bench: Bench;
  /** Draw at the next frame. */
  soon(): void;
  /** Have a sentence said by a screen reader. */
  say(words: string): void;
}
