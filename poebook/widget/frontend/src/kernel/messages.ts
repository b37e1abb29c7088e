/** Every message between the page and the kernel; `poebook/widget/messages.py` is the other side. */

import type { Mime } from "./notebook.ts";
import type { Chat, Fault, Feedback, Op, Upload, Values } from "../state.ts";

export interface Card {
  name: string;
  state: "serving" | "failed" | "stopped";
  word: string;
  url: string;
  public_url: string | null;
  has_key: boolean;
  version: number;
  since: string;
  /** It is about to be published. */
  publishing: boolean;
  /** Why what a button began did not succeed. */
  obstacle: string | null;
  world: World | null;
}

/** How a bot is published, and what Poe knows of it. */
export interface World {
  via: string;
  /** What was asked from outside, all of it found good. */
  checks: { says: string; figure: string }[];
  at: string;
  /** When it ends by itself. */
  until: string | null;
  /** Why nobody reaches it just now. */
  trouble: string | null;
  warning: string | null;
  register_at: string;
  /** Its name at Poe. */
  name: string;
  /** The address holds a secret; it is copied from the kernel. */
  secret: boolean;
  /** When Poe asked for the first time. */
  heard: string | null;
  pushed: { ok: boolean; says: string; at: string } | null;
}

export interface Snapshot {
  kind: "snapshot";
  seq: number;
  card: Card | null;
  chat: Chat | null;
  options?: Options;
}

/** What whoever made the chat chose for its page. */
export interface Options {
  /** Pictures of other hosts are shown without a click. */
  load_images?: boolean;
  /** Where the kernel keeps files of its own: addresses that begin so are shown without a click. */
  own_files?: string[];
}

/** One event as it travelled. */
export interface RawEvent {
  /** From 1. */
  n: number;
  name: string;
  data: string;
  /** Seconds since the request. */
  s: number;
}

/** A bot that the handler asked. */
export interface Call {
  target: string;
  cost: string | null;
  total_s: number | null;
  calls: Call[];
}

/** All that is known of how an answer came about; keys are masked. */
export interface Trace {
  target: string;
  where: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  /** JSON, pretty. */
  body: string;
  curl: string;
  status: number | null;
  /** The number of the first of `events`. */
  from: number;
  events: RawEvent[];
  /** What the handler printed and logged. */
  log: { s: number | null; text: string }[];
  fault: Fault | null;
  first_event_s: number | null;
  total_s: number | null;
  calls: Call[];
}

/** What the kernel says of one thing that was asked for. */
export type Reply =
  | { kind: "trace"; answer: string; trace: Trace }
  | { kind: "upload"; upload: Upload }
  | { kind: "parsed"; upload: string; text: string | null }
  | { kind: "forked"; turn: string; name: string }
  /** Which copy of the conversation, for the notebook's file, is the newest; the copy itself; what has changed since another one. */
  | { kind: "saved"; edition: number }
  | { kind: "copy"; edition: number; data: Mime }
  | { kind: "changes"; edition: number; since: number; data: Changes };

/** Per type what stands before, from where to where the copy before goes on, and what stands after that. */
export type Changes = Record<string, [before: string, from: number, to: number, after: string]>;

export type FromKernel =
  | Snapshot
  | Reply
  | { kind: "batch"; seq: number; ops: Op[] }
  | { kind: "card"; seq: number; card: Card }
  | { kind: "key"; key: string; nonce: string }
  | { kind: "part"; name: string }
  | { kind: "ack"; id: string }
  | { kind: "piece"; of: string; index: number; count: number; text: string };

export type Command =
  | { kind: "send"; id: string; text: string; uploads: string[]; user?: string }
  | { kind: "edit"; id: string; turn: string; text: string }
  | { kind: "stop"; id: string; target?: number }
  | { kind: "regenerate"; id: string; target?: number }
  | { kind: "new"; id: string }
  | { kind: "undo"; id: string }
  | { kind: "branch"; id: string; turn: string; to: number }
  | { kind: "feedback"; id: string; answer: string; feedback: Feedback; reason?: string }
  | { kind: "reaction"; id: string; answer: string; reaction: string; on: boolean }
  | { kind: "pick"; id: string; turn: string; target: number | null }
  | { kind: "parameters"; id: string; values: Values }
  | { kind: "resend"; id: string; answer: string; body: string }
  | { kind: "fork"; id: string; turn: string }
  | { kind: "drop_upload"; id: string; upload: string }
  | { kind: "publish"; id: string }
  | { kind: "unpublish"; id: string }
  | { kind: "push"; id: string };

/** What is asked of the kernel without being taken note of; its reply is the answer. */
export type Question =
  /** With `brief` without what the page has already: the request, which repeats the whole conversation. */
  | { kind: "trace"; answer: string; from: number; brief?: true }
  | { kind: "parsed"; upload: string }
  | { kind: "upload"; upload: string; name: string; type: string; size: number }
  | { kind: "chunk"; upload: string; index: number };

/** A page that keeps the notebook's copy of the conversation itself needs to be told only what has changed. */
interface Hello {
  kind: "hello";
  keeps?: true;
}

export type ToKernel = Command | Question | Hello | { kind: "key"; nonce: string } | { kind: "address"; nonce: string } | { kind: "part"; name: LatePart };

/** Code that is too much for the first part; it comes when something needs it. */
export type LatePart = "highlight" | "math" | "trace" | "drawers";

/** A command before it has its id. */
export type Wish = Command extends infer C ? (C extends { id: string } ? Omit<C, "id"> : never) : never;
