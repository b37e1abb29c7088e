/** Own drawings on a 16 px grid, 1.5 px stroke, round ends, in the colour of the text around them. */

import { h, type VNode } from "../dom/vnode.ts";

type Shape = [tag: string, attrs: Record<string, string>];

const path = (d: string): Shape => ["path", { d }];
const THUMB = [
  path("M5.2 7.2 8 2.4c.9.1 1.5.8 1.4 1.7l-.3 2.4h3.1c.8 0 1.4.7 1.2 1.5l-.9 4.1c-.1.6-.6 1-1.2 1H5.2z"),
  path("M5.2 7.2H2.6v5.9h2.6"),
];

const SHAPES = {
  send: [path("M8 13V3M3.5 7.5 8 3l4.5 4.5")],
  stop: [["rect", { x: "4.5", y: "4.5", width: "7", height: "7", rx: "1", fill: "currentColor" }] as Shape],
  again: [path("M13 8a5 5 0 1 1-1.6-3.7"), path("M13.2 1.8v3h-3")],
  copy: [["rect", { x: "5.5", y: "5.5", width: "8", height: "8", rx: "1.5" }] as Shape, path("M10.5 2.5h-6a2 2 0 0 0-2 2v6")],
  check: [path("m3 8.5 3.2 3.2L13 4.8")],
  like: THUMB,
  dislike: THUMB,
  new: [path("M13.5 9v2.5a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2H7"), path("M12 1.5v5M9.5 4h5")],
  attach: [path("m13.3 7.4-5.2 5.2a3.3 3.3 0 0 1-4.7-4.7l5.5-5.5a2.2 2.2 0 0 1 3.1 3.1L6.6 11a1.1 1.1 0 0 1-1.5-1.5l4.7-4.7")],
  params: [
    path("M2 4.5h5M11 4.5h3M2 11.5h2M8 11.5h6"),
    ["circle", { cx: "9", cy: "4.5", r: "1.8" }] as Shape,
    ["circle", { cx: "6", cy: "11.5", r: "1.8" }] as Shape,
  ],
  person: [["circle", { cx: "8", cy: "5", r: "2.5" }] as Shape, path("M3 13.5c.4-2.8 2.4-4.2 5-4.2s4.6 1.4 5 4.2")],
  settings: [
    ["rect", { x: "2", y: "2.5", width: "12", height: "11", rx: "1.5" }] as Shape,
    path("M4.5 6h3M4.5 10h3M10 6h1.5M10 10h1.5"),
  ],
  globe: [["circle", { cx: "8", cy: "8", r: "5.8" }] as Shape, path("M2.2 8h11.6M8 2.2c4 3.4 4 8.2 0 11.6M8 2.2c-4 3.4-4 8.2 0 11.6")],
  down: [path("M3.5 6 8 10.5 12.5 6")],
  close: [path("m4 4 8 8M12 4l-8 8")],
  edit: [path("m10.8 2.7 2.5 2.5L6 12.5l-3.2.7.7-3.2z"), path("m9.3 4.2 2.5 2.5")],
  react: [
    ["circle", { cx: "8", cy: "8", r: "5.8" }] as Shape,
    path("M5.4 9.4a3 3 0 0 0 5.2 0M6 6.3v.1M10 6.3v.1"),
  ],
  pick: [path("m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z")],
  apart: [path("M2.5 3v10M13.5 3v10M5.5 6 8 3.5 10.5 6M5.5 10 8 12.5l2.5-2.5")],
  trace: [path("M2 13.5h12M4 10.5v-2M6.7 10.5V3M9.3 10.5V6M12 10.5v-3")],
  save: [path("M8 2v8M4.5 6.8 8 10.3l3.5-3.5M2.5 13.5h11")],
  fork: [
    path("M4.5 5v6M4.5 8.5c0-1.6 1-2.2 3-2.5 2.2-.3 3.7-.5 4-1.5"),
    ["circle", { cx: "4.5", cy: "3.5", r: "1.5" }] as Shape,
    ["circle", { cx: "4.5", cy: "12.5", r: "1.5" }] as Shape,
    ["circle", { cx: "11.5", cy: "3", r: "1.5" }] as Shape,
  ],
  undo: [path("M5.5 2.5 2.5 5.5l3 3"), path("M3 5.5h6.2a4 4 0 0 1 0 8H6")],
  left: [path("M10 3.5 5.5 8l4.5 4.5")],
  right: [path("m6 3.5 4.5 4.5L6 12.5")],
  latest: [path("M8 3v10M3.5 8.5 8 13l4.5-4.5")],
  file: [path("M9 1.5H5a1.5 1.5 0 0 0-1.5 1.5v10A1.5 1.5 0 0 0 5 14.5h6a1.5 1.5 0 0 0 1.5-1.5V5z"), path("M9 1.5V5h3.5")],
  image: [
    ["rect", { x: "2", y: "2.5", width: "12", height: "11", rx: "1.5" }] as Shape,
    path("m2.5 11.5 3.4-3.4 2.6 2.6 2-2 3 3"),
    ["circle", { cx: "10.7", cy: "5.7", r: ".8" }] as Shape,
  ],
  sound: [path("M3 6.2h2.2L8.5 3.5v9L5.2 9.8H3z"), path("M11 6a3 3 0 0 1 0 4M12.8 4.2a5.5 5.5 0 0 1 0 7.6")],
  film: [["rect", { x: "1.5", y: "3.5", width: "13", height: "9", rx: "1.5" }] as Shape, path("M6.7 6.2v3.6L9.8 8z")],
  warn: [path("M8 2.2 14.3 13H1.7z"), path("M8 6.5v3M8 11.3v.1")],
} satisfies Record<string, Shape[]>;

export type Icon = keyof typeof SHAPES;

const TURNED = new Set<Icon>(["dislike"]);

/** The drawing of that name; always inside something that has a name of its own. */
export function icon(name: Icon): VNode {
  const shapes = SHAPES[name].map(([tag, attrs]) => h(tag, attrs));
  const drawn = TURNED.has(name) ? [h("g", { transform: "rotate(180 8 8)" }, shapes)] : shapes;
  return h("svg", { class: "i", viewBox: "0 0 16 16", "aria-hidden": "true", key: name }, drawn);
}
