// Bundles the browser client into Sources/CWebAssets/dist, from where assets.c embeds it:
//
//   node Sources/WebClient/build.mjs [--check]
//
// type check, import arrows, class prefixes, esbuild bundle with hashed names, fonts subset, gzip and
// brotli beforehand, budget. With --check nothing is written to dist. Needs the commands esbuild, tsc and
// pyftsubset, and React in NODE_PATH (Debian: esbuild node-typescript node-react node-react-dom
// fonts-roboto-unhinted fonttools python3-brotli).

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { checkArrows, checkClasses, checkWords } from "./checks.mjs";

/** Bytes of JavaScript and CSS together, after gzip. */
const budgetBytes = 120 * 1024;
const fontFolder = "/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF";
const fonts = { "roboto-400": "Roboto-Regular.ttf", "roboto-500": "Roboto-Medium.ttf" };
// Latin with its extensions, Greek, Cyrillic, punctuation, currency, arrows.
const unicodes = "U+0020-007E,U+00A0-024F,U+0370-03FF,U+0400-045F,U+0490-0491,U+1E00-1EFF,U+2010-2027,U+2030-203A,U+20AC,U+2122,U+2190-2193,U+2212";

const here = dirname(fileURLToPath(import.meta.url));
const build = join(here, "build");
const bundle = join(build, "bundle");
const dist = join(here, "../CWebAssets/dist");
const isCheck = process.argv.includes("--check");

function fail(message) {
  console.error(message);
  process.exit(1);
}

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: here,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NODE_PATH: process.env.NODE_PATH ?? "/usr/share/nodejs" },
  });
  if (result.error?.code === "ENOENT") fail(`The command ${command} is missing.`);
  if (result.status !== 0) fail(`${command} failed.`);
}

function makeFonts() {
  for (const [name, file] of Object.entries(fonts)) {
    const out = join(build, `${name}.woff2`);
    if (existsSync(out)) continue;
    run("pyftsubset", [
      join(fontFolder, file),
      `--unicodes=${unicodes}`,
      "--layout-features=kern,liga,tnum,ccmp,locl,mark,mkmk",
      "--flavor=woff2",
      `--output-file=${out}`,
    ]);
  }
}

function makeBundle() {
  rmSync(bundle, { recursive: true, force: true });
  run("esbuild", [
    "src/main.tsx",
    "--bundle",
    "--minify",
    "--format=iife",
    "--target=es2021,chrome100,firefox100,safari15.4",
    "--jsx=automatic",
    "--define:process.env.NODE_ENV=\"production\"",
    "--loader:.svg=file",
    "--loader:.woff2=file",
    "--entry-names=app.[hash]",
    "--asset-names=[name].[hash]",
    "--public-path=/assets",
    "--legal-comments=none",
    "--log-level=warning",
    `--outdir=${bundle}`,
  ]);
}

const etagOf = (bytes) => `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
const gzip = (bytes) => gzipSync(bytes, { level: 9 });

run("tsc", ["--noEmit", "-p", "."]);
const problems = [...checkArrows(join(here, "src")), ...checkClasses(join(here, "src")), ...checkWords(join(here, "src"))];
if (problems.length > 0) fail(problems.join("\n"));
mkdirSync(build, { recursive: true });
makeFonts();
makeBundle();

const files = new Map();
for (const name of readdirSync(bundle)) {
  // app.HASH.js is embedded as app.js and served as /assets/app.HASH.js.
  const fixed = name.replace(/\.[A-Z0-9]{8}\./, ".");
  files.set(fixed, { url: `/assets/${name}`, bytes: readFileSync(join(bundle, name)) });
}
// The icon is named by the page only, so esbuild does not see it.
const icon = readFileSync(join(here, "assets/icon.svg"));
const iconHash = createHash("sha256").update(icon).digest("hex").slice(0, 8).toUpperCase();
files.set("icon.svg", { url: `/assets/icon.${iconHash}.svg`, bytes: icon });
const expected = ["app.css", "app.js", "icon.svg", "pattern.svg", "roboto-400.woff2", "roboto-500.woff2"];
if ([...files.keys()].sort().join() !== expected.join()) {
  fail(`The bundle holds ${[...files.keys()].sort().join(", ")}; assets.c embeds ${expected.join(", ")}.`);
}
const page = readFileSync(join(here, "index.html"), "utf8")
  .replace("@ICON_SVG@", files.get("icon.svg").url)
  .replace("@APP_CSS@", files.get("app.css").url)
  .replace("@APP_JS@", files.get("app.js").url);
files.set("index.html", { url: "/index.html", bytes: Buffer.from(page) });

const outputs = new Map();
const manifest = ["// Made by Sources/WebClient/build.mjs."];
for (const [name, { url, bytes }] of [...files].sort()) {
  const macro = name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  manifest.push(`#define ${macro}_PATH ${JSON.stringify(url)}`);
  const forms = { "": bytes };
  if (/\.(html|js|css)$/.test(name)) Object.assign(forms, { gz: gzip(bytes), br: brotli(bytes) });
  for (const [form, content] of Object.entries(forms)) {
    outputs.set(form === "" ? name : `${name}.${form}`, content);
    const suffix = form === "" ? "" : `_${form.toUpperCase()}`;
    manifest.push(`#define ${macro}${suffix}_ETAG ${JSON.stringify(etagOf(content))}`);
  }
}
outputs.set("manifest.inc", Buffer.from(manifest.join("\n") + "\n"));

const spent = outputs.get("app.js.gz").length + outputs.get("app.css.gz").length;
const kilobytes = (count) => `${(count / 1024).toFixed(1)} kB`;
console.log(`JavaScript and CSS: ${kilobytes(spent)} gzipped of ${kilobytes(budgetBytes)}`);
if (spent > budgetBytes) fail("The bundle is over its budget.");

if (!isCheck) {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) {
    if (name !== ".gitkeep" && !outputs.has(name)) rmSync(join(dist, name));
  }
  for (const [name, bytes] of outputs) {
    const path = join(dist, name);
    if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
  }
  const now = new Date();
  utimesSync(join(here, "../CWebAssets/assets.c"), now, now);
}
