/** Files of the asker's: beside the draft, and with the question that carried them. */

import { h, type VNode } from "../dom/vnode.ts";
import { grouped } from "../figures.ts";
import type { Upload } from "../state.ts";
import * as words from "../strings.ts";
import { percent, progress, size } from "../uploads/sizes.ts";
import type { Icon } from "./icons.ts";
import { icon } from "./icons.ts";
import { iconButton, note } from "./parts.ts";

const SHOWN_AT_MOST = 20_000;

export interface ChipDeeds {
  /** What is known of an upload's parsed text; undefined while it is not looked at. */
  parsed(id: string): string | null | undefined;
  toggleParsed(id: string): void;
}

export interface DraftChipDeeds extends ChipDeeds {
  canRetry(upload: Upload): boolean;
  retry(id: string): void;
  remove(id: string): void;
}

/** The files beside the draft. */
export function toSend(uploads: readonly Upload[], deeds: DraftChipDeeds): VNode[] {
  return shown(uploads, words.NAMES.toSend, deeds, (upload) => [
    deeds.canRetry(upload) && iconButton(words.retryUpload(upload.name), "again", { class: "pb-small", onclick: () => deeds.retry(upload.id) }),
    iconButton(words.remove(upload.name), "close", { class: "pb-small", onclick: () => deeds.remove(upload.id) }),
  ]);
}

/** The files that went with a question. */
export function sent(uploads: readonly Upload[], deeds: ChipDeeds): VNode[] {
  return shown(uploads, words.NAMES.attachments, deeds, () => []);
}

function shown(uploads: readonly Upload[], name: string, deeds: ChipDeeds, buttons: (upload: Upload) => (VNode | false)[]): VNode[] {
  if (uploads.length === 0) return [];
  const list = h("ul", { class: "pb-chips", "aria-label": name, key: "files" }, uploads.map((one) => chip(one, deeds, buttons(one))));
  return [list, ...uploads.flatMap((one) => parsedText(one, deeds.parsed(one.id)))];
}

function chip(upload: Upload, deeds: ChipDeeds, buttons: (VNode | false)[]): VNode {
  const { id, name, state } = upload;
  const bad = state === "refused";
  return h(
    "li",
    { class: bad ? "pb-chip pb-bad" : "pb-chip", key: id },
    icon(bad ? "warn" : drawing(upload)),
    h("b", { title: name, dir: "auto" }, middle(name)),
    h("span", {}, saying(upload)),
    (upload.parsed_chars !== null || (upload.problem !== null && !bad)) && parsedButton(upload, deeds),
    buttons,
    state === "receiving" && h("progress", { max: 100, value: percent(upload.received, upload.size), "aria-label": words.uploading(name) }),
  );
}

function parsedButton({ id, name }: Upload, deeds: ChipDeeds): VNode {
  const open = deeds.parsed(id) !== undefined;
  const label = open ? words.hideParsed(name) : words.showParsed(name);
  return iconButton(label, "down", { class: "pb-small pb-fold", key: "parsed", "aria-expanded": String(open), onclick: () => deeds.toggleParsed(id) });
}

function parsedText({ id, name, problem, state }: Upload, text: string | null | undefined): VNode[] {
  if (text === null || text === undefined) return [];
  if (text === "" && problem !== null && state === "ready") return [note(problem, true, `parsed-${id}`)];
  const rest = text.length - SHOWN_AT_MOST;
  const shown = rest > 0 ? `${text.slice(0, SHOWN_AT_MOST)}\n${words.moreCharacters(grouped(rest))}` : text;
  return [h("pre", { class: "pb-parsed", role: "region", tabindex: 0, "aria-label": words.parsedText(name), dir: "auto", key: `parsed-${id}` }, shown)];
}

/** What stands after the name: how far it is, how large it is, or why not. */
function saying(upload: Upload): string {
  const { name, state, problem } = upload;
  if (state === "refused") return problem?.startsWith(`${name} `) ? problem.slice(name.length + 1) : (problem ?? "");
  if (state === "receiving") return progress(upload.received, upload.size);
  if (state === "reading") return `${size(upload.size)}, ${words.READING}`;
  return upload.size > 0 ? size(upload.size) : "";
}

function drawing({ content_type }: Upload): Icon {
  return content_type.startsWith("image/") ? "image" : "file";
}

/** A long name, cut in the middle so that its ending stays. */
function middle(name: string): string {
  const signs = [...name];
  return signs.length <= 34 ? name : `${signs.slice(0, 20).join("")}…${signs.slice(-12).join("")}`;
}
