/** Every message between the page and the kernel; `poebook/widget/messages.py` is the other side. */

import type { Chat, Feedback, Op } from "../state.ts";

export interface Card {
  name: string;
  state: "serving" | "failed" | "stopped";
  word: string;
  url: string;
  public_url: string | null;
  has_key: boolean;
  version: number;
  since: string;
}

export interface Snapshot {
  kind: "snapshot";
  seq: number;
  card: Card | null;
  chat: Chat | null;
}

export type FromKernel =
  | Snapshot
  | { kind: "batch"; seq: number; ops: Op[] }
  | { kind: "card"; seq: number; card: Card }
  | { kind: "key"; key: string; nonce: string }
  | { kind: "part"; name: string }
  | { kind: "ack"; id: string }
  | { kind: "piece"; of: string; index: number; count: number; text: string };

export type Command =
  | { kind: "send"; id: string; text: string }
  | { kind: "stop"; id: string; target?: number }
  | { kind: "regenerate"; id: string; target?: number }
  | { kind: "new"; id: string }
  | { kind: "feedback"; id: string; answer: string; feedback: Feedback };

export type ToKernel = Command | { kind: "hello" } | { kind: "key"; nonce: string } | { kind: "part"; name: string };

/** A command before it has its id. */
export type Wish = Command extends infer C ? (C extends { id: string } ? Omit<C, "id"> : never) : never;
