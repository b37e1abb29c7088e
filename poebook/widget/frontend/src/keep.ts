/** What somebody has begun to write outlives the cell's next run and the page: it belongs to the conversation. */

import type { Upload } from "./state.ts";

export interface Kept {
  text: string;
  uploads: Upload[];
  user: string | null;
}

const NOTHING: Kept = { text: "", uploads: [], user: null };
const PREFIX = "poebook:draft:";

/** The browser's storage for this tab; it may be missing, full or forbidden. */
type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

export class Keep {
  constructor(private readonly storage: () => Storage = () => sessionStorage) {}

  /** What was kept for a conversation. */
  load(conversation: string): Kept {
    try {
      const kept = JSON.parse(this.storage().getItem(PREFIX + conversation) ?? "null") as Partial<Kept> | null;
      return {
        text: typeof kept?.text === "string" ? kept.text : "",
        uploads: Array.isArray(kept?.uploads) ? kept.uploads.filter((one) => one.state === "ready") : [],
        user: typeof kept?.user === "string" ? kept.user : null,
      };
    } catch {
      return NOTHING;
    }
  }

  /** Keep it; files that are not there yet would not come back. */
  save(conversation: string, { text, uploads, user }: Kept): void {
    const ready = uploads.filter((one) => one.state === "ready");
    try {
      if (text === "" && ready.length === 0 && user === null) this.storage().removeItem(PREFIX + conversation);
      else this.storage().setItem(PREFIX + conversation, JSON.stringify({ text, uploads: ready, user }));
    } catch {
      // then it lives as long as the page
    }
  }
}
