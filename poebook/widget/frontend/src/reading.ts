/** From the events of one answer to the changes that they make: pure, and the same in `poebook/client/reading.py`.
 *  `tests/transcripts/wire/` holds streams that both read. */

import type { Op } from "./state.ts";

export interface ReadError {
  title: string;
  text: string;
  allow_retry: boolean;
}

type Data = Record<string, unknown>;

const ERROR_TYPES: Readonly<Record<string, string>> = {
  insufficient_fund: "There are not enough points for this answer.",
  user_message_too_long: "The message is too long for this bot.",
  user_caused_error: "The bot could not work with this message.",
  privacy_authorization_error: "The bot may not be asked with this account's privacy settings.",
};

/** Reads one answer's events in order; after `error` or `unreadable` there is no more to read. */
export class AnswerReader {
  /** All events but keep-alives. */
  count = 0;
  done = false;
  error: ReadError | null = null;
  /** Which event broke the protocol, and how. */
  unreadable: string | null = null;
  metadata: string | null = null;

  constructor(private readonly id: string) {}

  /** The changes that an event makes. */
  read(name: string, data: string): Op[] {
    if (name !== "ping") this.count++;
    if (name === "done") this.done = true;
    const read = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
    if (!read) return [];
    const parsed = parse(data);
    if (parsed === undefined) return this.broken(`The bot sent a \`${name}\` event whose data is no JSON.`);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
      return this.broken(`The bot sent a \`${name}\` event whose data is no JSON object.`);
    return read(this, parsed as Data, this.id, name);
  }

  /** What to do with a field's string, where it is one. */
  string(name: string, field: string, data: Data, use: (text: string) => Op[]): Op[] {
    const value = data[field];
    if (typeof value === "string") return use(value);
    return this.broken(`The bot sent a \`${name}\` event without a string \`${field}\`.`);
  }

  private broken(how: string): Op[] {
    this.unreadable = how;
    return [];
  }
}

type Read = (reader: AnswerReader, data: Data, id: string, name: string) => Op[];

const EVENTS: Readonly<Record<string, Read>> = {
  text: (reader, data, id, name) =>
    reader.string(name, "text", data, (text) => [{ op: "text", id, text, n: reader.count }]),
  replace_response: (reader, data, id, name) =>
    reader.string(name, "text", data, (text) => [{ op: "replace", id, text, n: reader.count }]),
  suggested_reply: (reader, data, id, name) => reader.string(name, "text", data, (text) => [{ op: "reply", id, text }]),
  file: (reader, data, id, name) =>
    reader.string(name, "url", data, (url) =>
      reader.string(name, "name", data, (called) =>
        reader.string(name, "content_type", data, (content_type) => {
          const ref = data["inline_ref"];
          const inline_ref = typeof ref === "string" ? ref : null;
          return [{ op: "file", id, file: { url, name: called, content_type, inline_ref } }];
        }),
      ),
    ),
  meta: (reader, data, id) => {
    const content_type = data["content_type"];
    return reader.count > 1 || typeof content_type !== "string" ? [] : [{ op: "meta", id, content_type }];
  },
  data: (reader, data) => {
    if (typeof data["metadata"] === "string") reader.metadata = data["metadata"];
    return [];
  },
  json: () => [],
  error: (reader, data) => {
    const { text, error_type, allow_retry } = data;
    const known = typeof error_type === "string" && Object.hasOwn(ERROR_TYPES, error_type) ? ERROR_TYPES[error_type] : undefined;
    const title = typeof text === "string" && text ? text : (known ?? "The bot ended with an error.");
    reader.error = { title, text: "", allow_retry: allow_retry !== false };
    return [];
  },
};

function parse(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
