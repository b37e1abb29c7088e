/** Which addresses of an answer may become links, pictures or players. Everything else is text. */

const LINKS = new Set(["http:", "https:", "mailto:"]);
const REMOTE = new Set(["http:", "https:"]);
const PICTURES = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp);base64,[a-z0-9+/=\s]*$/i;

/** The address of a link that may be opened, else null. */
export function safeLink(href: string): string | null {
  const url = parse(href);
  return url && LINKS.has(url.protocol) ? href.trim() : null;
}

/** A picture that is whole in its address: shown at once, as nothing is fetched for it. */
export function isInlinePicture(href: string): boolean {
  return PICTURES.test(href);
}

/** The host that something remote would be asked of, else null. */
export function remoteHost(href: string): string | null {
  const url = parse(href);
  return url && REMOTE.has(url.protocol) ? url.host : null;
}

function parse(href: string): URL | null {
  try {
    return new URL(href.trim());
  } catch {
    return null;
  }
}
