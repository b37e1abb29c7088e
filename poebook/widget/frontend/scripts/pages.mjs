// The development page: what it is made of, and how each file of it is had.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { FRONTEND } from "./bundle.mjs";

const BUILT = { "main.js": "dev/main.ts", "chat.css": "src/style/chat.css", "highlight.js": "src/highlight.ts", "math.js": "src/math.ts", "trace.js": "src/trace.ts", "drawers.js": "src/drawers.ts" };

export const FILES = ["index.html", "lab.css", ...Object.keys(BUILT)];

/** The bytes of one file of the page, built anew. */
export async function content(name) {
  if (!(name in BUILT)) return readFile(join(FRONTEND, "dev", name));
  const result = await build({ absWorkingDir: FRONTEND, entryPoints: [BUILT[name]], bundle: true, write: false, format: "esm", sourcemap: "inline" });
  return result.outputFiles[0].contents;
}
