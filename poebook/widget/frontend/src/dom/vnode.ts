/** What shall stand in the page, as plain data; `patch.ts` makes it so. */

export type Child = VNode | string;
export type Listener = (event: Event) => void;

export interface VNode {
  readonly tag: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly Child[];
  readonly on: Readonly<Record<string, Listener>> | null;
  /** Tells siblings apart when their order changes. */
  readonly key: string | null;
  /** An element that somebody else keeps; it is put in place and left alone. */
  readonly node: Element | null;
}

type Value = string | number | boolean | null | undefined;
type Many = Child | null | undefined | false | readonly Many[];
export type Props = Record<string, Value | Listener>;

/** `h("button", { class: "pb-btn", onclick: f }, "Retry")`; a falsy attribute or child is none. */
export function h(tag: string, props: Props = {}, ...children: Many[]): VNode {
  const attrs: Record<string, string> = {};
  let on: Record<string, Listener> | null = null;
  let key: string | null = null;
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") (on ??= {})[name.slice(2)] = value;
    else if (name === "key") key = String(value);
    else if (value !== null && value !== undefined && value !== false) attrs[name] = value === true ? "" : String(value);
  }
  return { tag, attrs, children: flat(children), on, key, node: null };
}

/** A place for an element that somebody else keeps. */
export function place(node: Element, key: string | null = null): VNode {
  return { tag: "#node", attrs: {}, children: [], on: null, key, node };
}

function flat(children: readonly Many[]): Child[] {
  const out: Child[] = [];
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === "") continue;
    if (Array.isArray(child)) out.push(...flat(child as Many[]));
    else out.push(child as Child);
  }
  return out;
}
