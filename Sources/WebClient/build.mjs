// Bundles the browser client into Sources/CWebAssets/dist, from where assets.c embeds it:
//
//   node Sources/WebClient/build.mjs [--check]
//
// type check, import arrows, class prefixes, esbuild bundle with hashed names, fonts subset, gzip and
// brotli beforehand, budget. With --check nothing is written to dist. Needs the commands esbuild, tsc,
// pyftsubset and zopfli, and React in NODE_PATH (Debian: esbuild node-typescript node-react node-react-dom
// fonts-roboto-unhinted fonttools python3-brotli zopfli).

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import * as checks from "./checks.mjs";

/** Bytes of the JavaScript and CSS that a first visit loads, after gzip, the worker's included. */
const budgetBytes = 120 * 1024;
/** Bytes of all that either page loads, as they travel: page, scripts, styles, pattern, fonts of its words. */
const firstLoadBytes = 150_000;
/** Bytes of all JavaScript and CSS after gzip, with what is loaded later. */
const wholeBytes = 200_000;
const fontFolder = "/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF";
const fonts = { "roboto-400": "Roboto-Regular.ttf", "roboto-500": "Roboto-Medium.ttf" };
// What the page itself writes and most of Western Europe, which a first visit loads; and the rest, which is
// loaded when somebody writes in it. tokens.css has the same ranges.
const ranges = {
  latin: "U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+2010-2027,U+2030-203A,U+20AC,U+2122,U+2190-2193,U+2212",
  more: "U+0100-0130,U+0132-0151,U+0154-024F,U+0300-036F,U+0370-03FF,U+0400-045F,U+0490-0491,U+1E00-1EFF",
};

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
    for (const [range, unicodes] of Object.entries(ranges)) {
      const out = join(build, `${name}-${range}.woff2`);
      // A subset that an earlier version of this file made would be taken for ours.
      const stamp = `${out}.txt`;
      if (existsSync(out) && existsSync(stamp) && readFileSync(stamp, "utf8") === unicodes) continue;
      run("pyftsubset", [
        join(fontFolder, file),
        `--unicodes=${unicodes}`,
        "--layout-features=kern,liga,tnum,ccmp,locl,mark,mkmk",
        "--flavor=woff2",
        `--output-file=${out}`,
      ]);
      writeFileSync(stamp, unicodes);
    }
  }
}

/** Bundles one entry as NAME.HASH.js, or .css; `defines` become constants in it. A module may have chunks. */
function makeBundle(name, entry, defines, format = ["--format=iife"]) {
  run("esbuild", [
    `${name}=${entry}`,
    "--bundle",
    "--minify",
    ...format,
    "--target=es2021,chrome100,firefox100,safari15.4",
    "--jsx=automatic",
    "--define:process.env.NODE_ENV=\"production\"",
    // React looks for the developers' tools of a browser, which see nothing of a minified page.
    "--define:__REACT_DEVTOOLS_GLOBAL_HOOK__=undefined",
    ...Object.entries(defines).map(([key, value]) => `--define:${key}=${JSON.stringify(value)}`),
    "--loader:.svg=file",
    "--loader:.woff2=file",
    "--entry-names=[name].[hash]",
    "--chunk-names=[name].[hash]",
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

/** The same format as gzip's, found with more patience: 4 % smaller. */
function gzip(bytes) {
  const path = join(build, "packed");
  writeFileSync(path, bytes);
  run("zopfli", [path]);
  return readFileSync(`${path}.gz`);
}

run("tsc", ["--noEmit", "-p", "."]);
const src = join(here, "src");
const problems = Object.values(checks).flatMap((check) => check(src));
if (problems.length > 0) fail(problems.join("\n"));
mkdirSync(build, { recursive: true });
makeFonts();
rmSync(bundle, { recursive: true, force: true });

/** The files of the client by name: where each is served, and what it holds. */
const files = new Map();

/** app.HASH.js is embedded as app.js and served as /assets/app.HASH.js. Of chunks, esbuild names many alike. */
const fixedName = (name) => (name.startsWith("chunk.") ? name : name.replace(/\.[A-Z0-9]{8}\./, "."));

/** Puts what was bundled since the last call into `files`. */
function take() {
  for (const name of readdirSync(bundle)) {
    files.set(fixedName(name), { url: `/assets/${name}`, bytes: readFileSync(join(bundle, name)) });
  }
}

const urlOf = (name) => files.get(name).url;

/**
 * The names of the page's scripts: `first` are the entry and what it imports; `chats` and `signIn` are what each of
 * the two pages imports beside that, one of which is seen first; `later` are all but the first.
 */
function scripts(outputs) {
  const names = new Map(Object.keys(outputs).map((path) => [path, fixedName(basename(path))]));
  const isScript = (path) => path.endsWith(".js");
  const closure = (entry) => {
    const found = new Set(Object.keys(outputs).filter((path) => outputs[path].entryPoint === entry && isScript(path)));
    for (const path of found) {
      for (const { kind, path: to } of outputs[path].imports) if (kind === "import-statement" && isScript(to)) found.add(to);
    }
    return found;
  };
  const found = closure("src/main.tsx");
  const named = (paths) => [...paths].filter((path) => !found.has(path)).map((path) => names.get(path));
  const rest = [...names.keys()].filter(isScript);
  return {
    // The entry is the smallest of them and is last.
    first: [...found].reverse().map((path) => names.get(path)),
    chats: named(closure("src/app/columns.tsx")),
    signIn: named(closure("src/features/sign-in/sign-in.tsx")),
    later: named(rest).sort(),
  };
}

/** The paths of the styles of what `scripts` have and `without` have not, in the order of the bundle. */
function styles({ inputs, outputs }, scripts, without = []) {
  const bundled = Object.entries(outputs).map(([path, output]) => ({ name: fixedName(basename(path)), output }));
  const inputsOf = (name) => Object.keys(bundled.find((one) => one.name === name).output.inputs);
  const importedBy = (names) =>
    new Set(names.flatMap(inputsOf).flatMap((path) => inputs[path].imports.map((to) => to.path)));
  const [wanted, unwanted] = [importedBy(scripts), importedBy(without)];
  // esbuild puts the styles of everything that can be reached into app.css.
  return inputsOf("app.css").filter((path) => wanted.has(path) && !unwanted.has(path));
}

/** Bundles the styles at `paths` as NAME.HASH.css. */
function makeStyles(name, paths) {
  const entry = join(build, `${name}.css`);
  writeFileSync(entry, paths.map((path) => `@import ${JSON.stringify(join(here, path))};\n`).join(""));
  makeBundle(name, entry, {});
}

makeBundle("worker", "src/worker.ts", {});
take();
// The page has to know where its worker is.
const meta = join(build, "app.json");
const module = ["--format=esm", "--splitting", `--metafile=${meta}`];
makeBundle("app", "src/main.tsx", { WORKER_URL: urlOf("worker.js") }, module);
const bundled = JSON.parse(readFileSync(meta, "utf8"));
const { first, chats, signIn, later } = scripts(bundled.outputs);
for (const path of readdirSync(bundle)) if (path.endsWith(".css")) rmSync(join(bundle, path));
makeStyles("app", styles(bundled, first));
makeStyles("chats", styles(bundled, chats, first));
makeStyles("later", styles(bundled, later, [...first, ...chats]));
take();
later.push("chats.css", "later.css");
// The icons are named by the page and its manifest only, so esbuild does not see them.
for (const name of ["icon.svg", "icon-180.png", "icon-192.png", "icon-512.png", "icon-maskable.png"]) {
  const bytes = readFileSync(join(here, "assets", name));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  files.set(name, { url: `/assets/${name.replace(".", `.${hash}.`)}`, bytes });
}

/** A text in which @NAME@ stands for the address of the file of that name. */
function linked(path) {
  const names = new Map([...files.keys()].map((name) => [name.toUpperCase().replace(/[^A-Z0-9]/g, "_"), name]));
  const text = readFileSync(join(here, path), "utf8")
    .replace("@FIRST_SCRIPTS@", first.map((name) => `<script type="module" src="${urlOf(name)}"></script>`).join("\n    "))
    .replace(/@([A-Z0-9_]+)@/g, (_, macro) => urlOf(names.get(macro)));
  return Buffer.from(text);
}

// These have fixed addresses: they are how a browser finds the rest.
files.set("manifest.webmanifest", { url: "/manifest.webmanifest", bytes: linked("assets/manifest.webmanifest") });
files.set("index.html", { url: "/index.html", bytes: linked("index.html") });
const shellCode = [...first, "app.css", "worker.js"];
/** What the page of chats needs, and what that of the sign-in, where a first visit begins. */
const chatsCode = [...shellCode, ...chats, "chats.css"];
const signInCode = [...shellCode, ...signIn, "later.css"];
const looks = ["index.html", "pattern.svg", "roboto-400-latin.woff2", "roboto-500-latin.woff2"];
const shell = [...looks, ...shellCode, ...later];
const version = createHash("sha256").update(shell.map((name) => etagOf(files.get(name).bytes)).join()).digest("hex").slice(0, 12);
makeBundle("sw", "src/service-worker.ts", { SHELL: shell.map(urlOf), SHELL_VERSION: version });
const worker = readdirSync(bundle).find((name) => /^sw\./.test(name));
files.set("sw.js", { url: "/sw.js", bytes: readFileSync(join(bundle, worker)) });

const types = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
  webmanifest: "application/manifest+json",
};

const outputs = new Map();
const arrays = ["// Made by Sources/WebClient/build.mjs.", ""];
const table = ["static const struct chaticket_web_asset assets[] = {"];
for (const [name, { url, bytes }] of [...files].sort()) {
  const extension = name.slice(name.lastIndexOf(".") + 1);
  const forms = [["identity", name, bytes]];
  if (/^(html|js|css|webmanifest)$/.test(extension)) {
    forms.push(["gzip", `${name}.gz`, gzip(bytes)], ["br", `${name}.br`, brotli(bytes)]);
  }
  for (const [encoding, file, content] of forms) {
    outputs.set(file, content);
    const array = file.replace(/[^a-zA-Z0-9]/g, "_");
    arrays.push(`static const uint8_t ${array}[] = {`, `#embed "${file}"`, "};");
    const words = [url, types[extension], encoding, etagOf(content)].map((word) => JSON.stringify(word));
    table.push(`    ASSET(${words.join(", ")}, ${array}, ${url.startsWith("/assets/")}),`);
  }
}
outputs.set("manifest.inc", Buffer.from([...arrays, "", ...table, "};", ""].join("\n")));

const kilobytes = (count) => `${(count / 1000).toFixed(1)} kB`;

/** Fails where `names` are more than `most` bytes together, as they travel. */
function checkBudget(what, names, most) {
  const spent = names.reduce((sum, name) => sum + (outputs.get(`${name}.gz`) ?? outputs.get(name)).length, 0);
  console.log(`${what}: ${kilobytes(spent)} gzipped of ${kilobytes(most)}`);
  if (spent > most) fail(`${what}: over the budget.`);
}

checkBudget("JavaScript, worker and CSS of a first visit", signInCode, budgetBytes);
checkBudget("A first visit", [...looks, ...signInCode], firstLoadBytes);
checkBudget("A first look at the chats", [...looks, ...chatsCode], firstLoadBytes);
checkBudget("All JavaScript, worker and CSS", [...shellCode, ...later, "sw.js"], wholeBytes);

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
