/** The files that came with an answer; those that its text shows are left out. */

import { h, type VNode } from "../dom/vnode.ts";
import { isInlinePicture, pictureHost, safeLink } from "../markdown/urls.ts";
import type { Answer, FileState } from "../state.ts";
import { loadImage } from "../strings.ts";
import { icon } from "./icons.ts";

export function files(one: Answer, loaded: (href: string) => boolean): VNode | null {
  const apart = one.files.filter((file) => !file.inline_ref || !one.text.includes(`[${file.inline_ref}]`));
  if (apart.length === 0) return null;
  return h("ul", { class: "pb-chips", "aria-label": "Attachments", key: "files" }, apart.map((file) => shown(file, loaded)));
}

function shown(file: FileState, loaded: (href: string) => boolean): VNode {
  const picture = file.content_type.startsWith("image/");
  const there = isInlinePicture(file.url) || (loaded(file.url) && pictureHost(file.url) !== null);
  if (picture && there) return h("li", { class: "pb-figure-item", key: file.url }, figure(file));
  const host = picture ? pictureHost(file.url) : null;
  return h("li", { class: "pb-chip-item", key: file.url }, chip(file), host !== null && load(file, host));
}

function figure(file: FileState): VNode {
  const img = h("img", { class: "pb-image", src: file.url, alt: file.name, referrerpolicy: "no-referrer" });
  return h("figure", { class: "pb-picture" }, img, h("figcaption", {}, file.name));
}

function chip(file: FileState): VNode {
  const href = safeLink(file.url);
  const inside = [icon(file.content_type.startsWith("image/") ? "image" : "file"), h("b", { title: file.name }, middle(file.name))];
  if (href === null) return h("span", { class: "pb-chip" }, inside);
  return h("a", { class: "pb-chip", href, target: "_blank", rel: "noopener noreferrer" }, inside);
}

function load(file: FileState, host: string): VNode {
  return h("button", { type: "button", class: "pb-btn pb-load", "data-do": "load-image", "data-src": file.url }, loadImage(host));
}

/** A long name, cut in the middle so that its ending stays. */
function middle(name: string): string {
  return name.length <= 36 ? name : `${name.slice(0, 22)}…${name.slice(-12)}`;
}
