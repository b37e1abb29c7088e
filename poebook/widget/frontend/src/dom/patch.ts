/** Make the page show what vnodes say, touching only what differs: focus, selection and scrolling stay. */

import type { Child, Listener, VNode } from "./vnode.ts";

/** Elements that begin a namespace of their own; what is within them is in it too. */
const NAMESPACES: Record<string, string> = { svg: "http://www.w3.org/2000/svg", math: "http://www.w3.org/1998/Math/MathML" };
const FOREIGN = new Set(Object.values(NAMESPACES));

interface Shown {
  child: Child;
  node: Node;
}

const shownIn = new WeakMap<Node, Shown[]>();
const listeners = new WeakMap<Element, Map<string, Listener | null>>();

/** Make *parent*'s children be *next*. */
export function patch(parent: Element, next: readonly Child[]): void {
  const before = shownIn.get(parent) ?? [];
  const keyed = new Map<string, Shown>();
  const loose: Shown[] = [];
  for (const one of before) {
    const key = typeof one.child === "string" ? null : one.child.key;
    if (key === null) loose.push(one);
    else keyed.set(key, one);
  }
  let at = 0;
  const olds = next.map((child) => {
    const own = typeof child !== "string" && child.key !== null;
    if (own) {
      const old = take(keyed, child.key!);
      return old && alike(old.child, child) ? old : null;
    }
    let found = at;
    while (found < loose.length && !alike(loose[found]!.child, child)) found++;
    if (found === loose.length) return null;
    at = found + 1;
    return loose[found]!;
  });
  const kept = new Set(olds);
  for (const one of before) if (!kept.has(one) && one.node.parentNode === parent) parent.removeChild(one.node);
  let cursor: Node | null = parent.firstChild;
  const after = next.map((child, index): Shown => {
    const old = olds[index];
    const node = old ? old.node : create(child, parent);
    if (old) update(node, old.child, child);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    return { child, node };
  });
  shownIn.set(parent, after);
}

/** The element that a vnode says, not yet in the page. */
export function build(vnode: VNode): Element {
  return create(vnode, null) as Element;
}

/** Make *node*, which shows *before*, show *after*; both have the same tag. */
export function update(node: Node, before: Child, after: Child): void {
  if (before === after) return;
  if (typeof after === "string") return setText(node as Text, after);
  if (typeof before === "string" || after.node) return;
  const element = node as Element;
  for (const name in before.attrs) if (!(name in after.attrs)) element.removeAttribute(name);
  for (const name in after.attrs) {
    if (before.attrs[name] !== after.attrs[name]) element.setAttribute(name, after.attrs[name]!);
  }
  listen(element, after.on);
  patch(element, after.children);
}

function take(map: Map<string, Shown>, key: string): Shown | undefined {
  const found = map.get(key);
  map.delete(key);
  return found;
}

function alike(a: Child, b: Child): boolean {
  if (typeof a === "string" || typeof b === "string") return typeof a === typeof b;
  return a.tag === b.tag && a.key === b.key && a.node === b.node;
}

function create(child: Child, parent: Element | null): Node {
  if (typeof child === "string") return document.createTextNode(child);
  if (child.node) return child.node;
  const around = parent?.namespaceURI ?? "";
  const space = NAMESPACES[child.tag] ?? (FOREIGN.has(around) ? around : null);
  const element = space ? document.createElementNS(space, child.tag) : document.createElement(child.tag);
  for (const name in child.attrs) element.setAttribute(name, child.attrs[name]!);
  listen(element, child.on);
  patch(element, child.children);
  return element;
}

/** Text that grows keeps its node and what is selected in it. */
function setText(node: Text, text: string): void {
  const had = node.data;
  if (had === text) return;
  if (text.startsWith(had)) node.appendData(text.slice(had.length));
  else node.data = text;
}

/** One listener an element and type, which calls whoever listens now. */
function listen(element: Element, on: Readonly<Record<string, Listener>> | null): void {
  const known = listeners.get(element);
  if (!on && !known) return;
  const current = known ?? new Map<string, Listener | null>();
  if (!known) listeners.set(element, current);
  for (const type of current.keys()) current.set(type, on?.[type] ?? null);
  for (const type in on) {
    if (!current.has(type)) element.addEventListener(type, (event) => current.get(type)?.(event));
    current.set(type, on[type]!);
  }
}
