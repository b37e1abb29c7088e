// Fails when what is committed is not what the sources build.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle, STATIC } from "./bundle.mjs";

const stale = [];
for (const [name, content] of Object.entries(await bundle())) {
  const committed = await readFile(join(STATIC, name)).catch(() => null);
  if (committed === null || !committed.equals(content)) stale.push(name);
}
if (stale.length) {
  console.error(`Not built from these sources: ${stale.join(", ")}. Run \`npm run build\` and commit the result.`);
  process.exit(1);
}
console.log("The built files are what the sources build.");
