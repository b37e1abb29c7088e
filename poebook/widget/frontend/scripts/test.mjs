// Bundles each test, as Node does not read TypeScript everywhere, and hands them to Node's own test runner.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { FRONTEND } from "./bundle.mjs";

const tests = (await readdir(join(FRONTEND, "test"))).filter((name) => name.endsWith(".test.ts"));
const out = await mkdtemp(join(FRONTEND, "node_modules", ".poebook-tests-"));
try {
  await build({
    absWorkingDir: FRONTEND,
    entryPoints: tests.map((name) => join("test", name)),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    packages: "external",
    outdir: out,
    outExtension: { ".js": ".mjs" },
    sourcemap: "inline",
    logLevel: "warning",
  });
  const files = tests.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit", env: { ...process.env, FRONTEND } });
  process.exitCode = run.status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
