/** Pictures, sounds and films. Nothing of another host is fetched before somebody asks for it, and no host is told where
 *  it was asked from. */

import { h, type VNode } from "../dom/vnode.ts";
import { sizeInside, type Size } from "../markdown/size.ts";
import { isInlinePicture, remoteHost } from "../markdown/urls.ts";
import { loadImage } from "../strings.ts";
import { icon } from "./icons.ts";
import { plainName } from "./names.ts";

export interface Medium {
  url: string;
  /** What is said where the thing cannot be seen: an alternative text, or a file's name. */
  alt: string;
  title: string | null;
  size: Size | null;
}

export type Kind = "image" | "audio" | "video";

const KINDS: readonly Kind[] = ["image", "audio", "video"];

/** What a content type says that something is; null for what is neither seen nor heard. */
export function kindOf(contentType: string): Kind | null {
  return KINDS.find((kind) => contentType.toLowerCase().startsWith(`${kind}/`)) ?? null;
}

/** A picture if it may be shown now, else a button that asks for it; null where its address is none. */
export function picture(medium: Medium, loaded: (address: string) => boolean): VNode | null {
  const inside = isInlinePicture(medium.url);
  const host = remoteHost(medium.url);
  if (!inside && host === null) return null;
  if (!inside && !loaded(medium.url)) return asking(medium, host!);
  const size = medium.size ?? (inside ? sizeInside(medium.url) : null);
  return h("img", {
    class: "pb-image",
    referrerpolicy: "no-referrer", // before the address, as that is what fetches
    src: medium.url.trim(),
    alt: medium.alt,
    title: medium.title,
    width: size?.width,
    height: size?.height,
    decoding: "async",
  });
}

function asking(medium: Medium, host: string): VNode {
  const name = loadImage(host);
  const props = { type: "button", class: "pb-btn pb-load", "data-do": "load-image", "data-src": medium.url, title: plainName(medium.alt) || null };
  return h("button", props, icon("image"), h("span", {}, name));
}

/** A player of a sound or a film; null where its address is none. It fetches nothing before it is started. */
export function player(kind: "audio" | "video", medium: Medium): VNode | null {
  if (remoteHost(medium.url) === null) return null;
  // A page of its own, as a player has no other way to be silent about where it stands.
  return h("iframe", {
    class: `pb-player pb-${kind}`,
    title: plainName(medium.alt) || kind,
    src: "about:blank",
    onload: (event) => furnish(event.target as HTMLIFrameElement, kind, medium.url.trim()),
    key: `player-${medium.url}`,
  });
}

function furnish(frame: HTMLIFrameElement, kind: "audio" | "video", address: string): void {
  const page = frame.contentDocument;
  if (!page?.body || page.querySelector(kind)) return;
  const referrer = page.createElement("meta");
  referrer.name = "referrer";
  referrer.content = "no-referrer";
  page.head.append(referrer);
  const media = page.createElement(kind);
  media.controls = true;
  media.preload = "none";
  media.style.cssText = "display:block;width:100%;height:100%";
  media.src = address;
  page.body.style.cssText = "margin:0;overflow:hidden;height:100vh";
  page.documentElement.style.colorScheme = getComputedStyle(frame).colorScheme;
  page.body.append(media);
}
