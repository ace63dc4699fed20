// Runs the tests of the house checks and the client's unit tests: every src/**/*.test.ts, bundled by esbuild, run by
// `node --test`. The vectors come from Tests/Vectors.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "build", "tests");

function testsUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testsUnder(path);
    return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, NODE_PATH: "/usr/share/nodejs", ...env },
  });
  if (result.error) {
    console.error(`${command} could not be started: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
}

const tests = testsUnder(join(here, "src"));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
run("esbuild", [
  ...tests,
  "--bundle",
  "--platform=node",
  "--format=esm",
  "--out-extension:.js=.mjs",
  "--jsx=automatic",
  `--outbase=${join(here, "src")}`,
  `--outdir=${out}`,
  "--log-level=warning",
]);
const built = tests.map((path) =>
  join(out, relative(join(here, "src"), path).replace(/\.tsx?$/, ".mjs")),
);
run("node", ["--test", join(here, "checks.test.mjs"), ...built], { CHATICKET_VECTORS: join(here, "../../Tests/Vectors") });
