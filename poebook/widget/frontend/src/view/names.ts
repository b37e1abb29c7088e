/** Names that others chose, made fit to stand in a line: no turns of direction, no line ends, nothing that cannot be seen. */

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** *name* as it reads, without what only tricks the eye. */
export function plainName(name: string): string {
  return name.replace(/[\r\n\t\u2028\u2029]+/g, " ").replace(UNSEEN, "").trim();
}

/** A long name, cut in the middle so that its ending stays. */
export function middle(name: string): string {
  const signs = [...name];
  return signs.length <= 36 ? name : `${signs.slice(0, 22).join("")}…${signs.slice(-12).join("")}`;
}
