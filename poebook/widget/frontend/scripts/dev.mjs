// Serves the development page; every load builds anew. PORT, or any free port.
import { createServer } from "node:http";
import { content, FILES } from "./pages.mjs";

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript" };

const server = createServer((request, response) => {
  const name = new URL(request.url, "http://localhost").pathname.slice(1) || "index.html";
  if (!FILES.includes(name)) return response.writeHead(404).end();
  content(name).then(
    (body) => response.writeHead(200, { "content-type": `${TYPES[name.split(".").at(-1)]}; charset=utf-8` }).end(body),
    (error) => response.writeHead(500).end(String(error)),
  );
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
