/** How large a picture is, before anybody has drawn it: so that its place is kept and nothing jumps. */

export interface Size {
  width: number;
  height: number;
}

/** Enough of a data address to read what the picture says of itself. */
const HEAD = 4096;

/** The size that stands in the first bytes of a picture in its own address; null where it says none. */
export function sizeInside(address: string): Size | null {
  const start = address.indexOf(",") + 1;
  try {
    const signs = address.slice(start, start + HEAD).replace(/\s/g, "");
    const bytes = atob(signs.slice(0, signs.length - (signs.length % 4)));
    const view = new DataView(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)).buffer);
    return png(view) ?? gif(view) ?? jpeg(view);
  } catch {
    return null;
  }
}

function png(view: DataView): Size | null {
  return view.getUint32(0) === 0x89504e47 ? { width: view.getUint32(16), height: view.getUint32(20) } : null;
}

function gif(view: DataView): Size | null {
  return view.getUint32(0) === 0x47494638 ? { width: view.getUint16(6, true), height: view.getUint16(8, true) } : null;
}

function jpeg(view: DataView): Size | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
  return null;
}
