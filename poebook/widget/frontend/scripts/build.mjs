// Builds what the kernel ships to the page: chat.js, chat.css, highlight.js and stamp.json.
import { bundle, STATIC, write } from "./bundle.mjs";

const files = await bundle();
await write(STATIC, files);
for (const [name, content] of Object.entries(files)) console.log(`${name.padEnd(14)} ${content.length.toLocaleString("en")} bytes`);
