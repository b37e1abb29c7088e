// The bundles as they would be written, and the stamp of what they were made from. The same sources give the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const FRONTEND = fileURLToPath(new URL("..", import.meta.url));
export const STATIC = fileURLToPath(new URL("../../static", import.meta.url));

const FIRST_PART_LIMIT = 150_000;
const ENTRIES = { loader: "src/loader.ts", chat: "src/index.ts", style: "src/style/chat.css", highlight: "src/highlight.ts", math: "src/math.ts", trace: "src/trace.ts", drawers: "src/drawers.ts" };
const NAMES = { loader: "loader.js", chat: "chat.js", style: "chat.css", highlight: "highlight.js", math: "math.js", trace: "trace.js", drawers: "drawers.js" };

/** Of marked only the reader is wanted: its writer of HTML hangs on lines that no bundler may leave out by itself. */
const ONLY_THE_READER = {
  name: "only-the-reader",
  setup(build) {
    build.onLoad({ filter: /[\\/]marked\.esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const writer = /;var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse[\s\S]*export\{[^}]*?(\w+) as Lexer[^}]*\};?/;
      if (!writer.test(text)) throw new Error("marked is not written as it was: see ONLY_THE_READER.");
      return { contents: text.replace(writer, ";export{$2 as Lexer};") };
    });
  },
};

/** File names and contents. */
export async function bundle() {
  const files = {};
  for (const [part, entry] of Object.entries(ENTRIES)) {
    const result = await build({
      absWorkingDir: FRONTEND,
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      target: ["es2022", "chrome111", "firefox113", "safari16.4"],
      charset: "utf8",
      legalComments: "none",
      plugins: [ONLY_THE_READER],
      logLevel: "warning",
    });
    files[NAMES[part]] = Buffer.from(result.outputFiles[0].contents);
  }
  if (files["chat.js"].length > FIRST_PART_LIMIT) throw new Error(`chat.js has ${files["chat.js"].length} bytes; the limit is ${FIRST_PART_LIMIT}.`);
  files["licenses.txt"] = await licenses();
  files["stamp.json"] = Buffer.from(JSON.stringify({ sources: await stamp() }, null, 2) + "\n");
  return files;
}

/** The terms of the packages that are in the bundles. */
async function licenses() {
  const { dependencies } = JSON.parse(await readFile(join(FRONTEND, "package.json"), "utf8"));
  const texts = [];
  for (const name of Object.keys(dependencies).sort()) {
    const folder = join(FRONTEND, "node_modules", name);
    const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    texts.push(`${name} ${version}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`);
  }
  return Buffer.from(texts.join("\n" + "-".repeat(80) + "\n\n"));
}

/** A hash over everything that the bundles depend on. */
export async function stamp() {
  const hash = createHash("sha256");
  for (const path of [...(await all("src")), "package.json", "package-lock.json", "scripts/bundle.mjs"].sort()) {
    hash.update(path).update("\0");
    hash.update(await readFile(join(FRONTEND, path))).update("\0");
  }
  return hash.digest("hex");
}

export async function write(folder, files) {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

async function all(folder) {
  const entries = await readdir(join(FRONTEND, folder), { withFileTypes: true, recursive: true });
  return entries.filter((one) => one.isFile()).map((one) => relative(FRONTEND, join(one.parentPath ?? one.path, one.name)).split(sep).join("/"));
}
