// Serves dev/index.html with the widget and a kernel that plays; every load builds anew. PORT, or any free port.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { FRONTEND } from "./bundle.mjs";

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript" };
const BUILT = { "main.js": "dev/main.ts", "chat.css": "src/style/chat.css", "highlight.js": "src/highlight.ts", "math.js": "src/math.ts" };

async function content(name) {
  if (!(name in BUILT)) return readFile(join(FRONTEND, "dev", name));
  const result = await build({ absWorkingDir: FRONTEND, entryPoints: [BUILT[name]], bundle: true, write: false, format: "esm", sourcemap: "inline" });
  return result.outputFiles[0].contents;
}

const server = createServer((request, response) => {
  const name = new URL(request.url, "http://localhost").pathname.slice(1) || "index.html";
  content(name).then(
    (body) => response.writeHead(200, { "content-type": `${TYPES[name.split(".").at(-1)] ?? "text/plain"}; charset=utf-8` }).end(body),
    () => response.writeHead(404).end(),
  );
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
