/** The files that came with an answer; those that its text shows are left out. */

import { h, type VNode } from "../dom/vnode.ts";
import { safeLink } from "../markdown/urls.ts";
import type { Answer, FileState } from "../state.ts";
import type { Icon } from "./icons.ts";
import { icon } from "./icons.ts";
import { kindOf, picture, player, type Kind, type Medium } from "./media.ts";
import { middle, plainName } from "./names.ts";

/** The caption has the name already; the picture says what it is. */
const PICTURE = "Picture ";

const ICONS: Record<Kind | "file", Icon> = { image: "image", audio: "sound", video: "film", file: "file" };

export function files(one: Answer, loaded: (href: string) => boolean): VNode | null {
  const apart = one.files.filter((file) => !file.inline_ref || !one.text.includes(`[${file.inline_ref}]`));
  if (apart.length === 0) return null;
  return h("ul", { class: "pb-chips", "aria-label": "Attachments", key: "files" }, apart.map((file, index) => shown(file, index, loaded)));
}

function shown(file: FileState, index: number, loaded: (href: string) => boolean): VNode {
  const medium: Medium = { url: file.url, alt: PICTURE + plainName(file.name), title: null, size: null };
  const kind = kindOf(file.content_type);
  const key = `${index} ${file.url}`;
  const drawn = kind === "image" ? picture(medium, loaded) : kind === null ? null : player(kind, { ...medium, alt: file.name });
  if (drawn === null) return h("li", { class: "pb-chip-item", key }, chip(file));
  if (drawn.tag === "button") return h("li", { class: "pb-chip-item", key }, chip(file), drawn);
  return h("li", { class: "pb-figure-item", key }, figure(drawn, file));
}

/** Something seen or heard, and under it the name of its file. */
export function figure(drawn: VNode, file: FileState): VNode {
  const href = safeLink(file.url);
  const name = h("bdi", {}, plainName(file.name));
  const caption = href === null ? name : h("a", { href, target: "_blank", rel: "noopener noreferrer" }, name);
  return h("figure", { class: drawn.tag === "iframe" ? "pb-picture pb-played" : "pb-picture" }, drawn, h("figcaption", {}, caption));
}

/** A file as a name to click. */
export function chip(file: FileState): VNode {
  const href = safeLink(file.url);
  const name = plainName(file.name) || "file";
  const inside = [icon(ICONS[kindOf(file.content_type) ?? "file"]), h("b", { title: name, dir: "auto" }, middle(name))];
  if (href === null) return h("span", { class: "pb-chip" }, inside);
  return h("a", { class: "pb-chip", href, target: "_blank", rel: "noopener noreferrer" }, inside);
}
