// Writes the development page as files, for the tests and the gallery: node scripts/scenes.mjs FOLDER.
import { content, FILES } from "./pages.mjs";
import { write } from "./bundle.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("Say where to: node scripts/scenes.mjs FOLDER.");
await write(folder, Object.fromEntries(await Promise.all(FILES.map(async (name) => [name, await content(name)]))));
