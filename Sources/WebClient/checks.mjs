// The house rules that tsc does not know, as functions that answer sentences about what breaks them.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** What each folder of src may import, besides itself. */
const arrows = {
  protocol: [],
  text: [],
  model: ["protocol", "text"],
  ui: ["model", "protocol", "text"],
  session: ["model", "protocol", "text"],
  features: ["session", "ui", "model", "protocol", "text"],
  app: ["features", "session", "ui", "model", "protocol", "text"],
  testing: ["session", "model", "protocol"],
  "main.tsx": ["app", "session", "ui", "text"],
  "worker.ts": ["session"],
  "service-worker.ts": [],
};

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Imports that go against the arrows, type-only ones included. */
export function checkArrows(src) {
  const problems = [];
  for (const file of filesUnder(src).filter((path) => /\.tsx?$/.test(path))) {
    const [room, feature] = relative(src, file).split("/");
    const isTest = file.endsWith(".test.ts");
    for (const match of readFileSync(file, "utf8").matchAll(/(?:from|import) "(\.[^"]*)"/g)) {
      const target = relative(src, join(dirname(file), match[1])).split("/");
      const to = target[0];
      if (to.startsWith("..")) {
        if (!/assets\//.test(match[1])) problems.push(`${file}: imports ${match[1]} from outside src`);
      } else if (to === room) {
        if (room === "features" && target[1] !== feature) {
          problems.push(`${file}: feature ${feature} imports feature ${target[1]}`);
        }
      } else if (!(arrows[room] ?? []).includes(to) && !(isTest && to === "testing")) {
        problems.push(`${file}: ${room} may not import ${to}`);
      }
    }
  }
  return problems;
}

/** Every CSS class begins with the name of its file, which is the name of its component. */
export function checkClasses(src) {
  const problems = [];
  for (const file of filesUnder(src).filter((path) => path.endsWith(".css"))) {
    const name = basename(file, ".css");
    if (name === "tokens") continue;
    if (!existsSync(file.replace(/\.css$/, ".tsx"))) problems.push(`${file}: there is no ${name}.tsx beside it`);
    const css = readFileSync(file, "utf8").replace(/\/\*[^]*?\*\//g, "").replace(/url\([^)]*\)/g, "");
    for (const match of css.matchAll(/\.([a-zA-Z][\w-]*)/g)) {
      const fits = match[1] === name || match[1].startsWith(`${name}-`) || match[1].startsWith(`${name}_`);
      if (!fits) problems.push(`${file}: class ${match[1]} does not begin with ${name}`);
    }
  }
  return problems;
}

/** Words on the page that no catalogue holds, and texts of the catalogue that the page does not show. */
export function checkTexts(src) {
  const problems = [];
  const literals = [
    /\b(?:label|title|placeholder|note|alt|aria-label)="[^"]*\p{L}/u,
    />\s*[^<>{}=;()]*\p{L}{2,}[^<>{}=;()]*<\//u,
    /^\s+\p{Lu}\p{Ll}+(?: [^=;(){}<>]*)?[.…]?$/u,
  ];
  const used = new Set();
  for (const file of filesUnder(src).filter((path) => /\.tsx?$/.test(path))) {
    if (/text\/en(?:-later|-sign-in)?\.ts$/.test(file)) continue;
    const source = readFileSync(file, "utf8");
    for (const [, key] of source.matchAll(/"([a-zA-Z]+\.[a-zA-Z]+)"/g)) used.add(key);
    if (!file.endsWith(".tsx")) continue;
    source.split("\n").forEach((line, index) => {
      if (/^\s*(\/\/|\*|\/\*)/.test(line)) return;
      if (literals.some((pattern) => pattern.test(line))) problems.push(`${file}:${index + 1}: words that no catalogue holds`);
    });
  }
  for (const name of ["text/en.ts", "text/en-later.ts", "text/en-sign-in.ts"].filter((path) => existsSync(join(src, path)))) {
    const catalogue = readFileSync(join(src, name), "utf8");
    for (const [, key] of catalogue.matchAll(/^  "([a-zA-Z.]+)":/gm)) {
      if (!used.has(key) && !key.startsWith("error.")) problems.push(`${name}: nothing shows ${key}`);
    }
  }
  return problems;
}

/** What the house style forbids in a word. */
export function checkWords(src) {
  const problems = [];
  const bans = [
    [/: any\b|<any\b/, "any"],
    [/[\w)\]] as (?:[A-Z{]|string|number|boolean|unknown|never|object|keyof|typeof|readonly)\b/, "a cast"],
    [/export default/, "a default export"],
    [/\benum [A-Z]/, "an enum"],
    [/style=\{/, "an inline style"],
    [/dangerouslySetInnerHTML|\.innerHTML/, "an HTML string"],
  ];
  for (const file of filesUnder(src).filter((path) => /\.tsx?$/.test(path))) {
    const lines = readFileSync(file, "utf8").split("\n");
    if (file.endsWith(".tsx") && lines.length > 151) problems.push(`${file}: ${lines.length} lines, 150 are the limit`);
    lines.forEach((line, index) => {
      // Comments, too, say what is, not what somebody might do one day.
      if (/\b(?:TODO|FIXME)\b/.test(line)) problems.push(`${file}:${index + 1}: an unfinished thought`);
      if (/^\s*(\/\/|\*|\/\*)/.test(line)) return;
      for (const [pattern, what] of bans) {
        if (pattern.test(line)) problems.push(`${file}:${index + 1}: ${what}`);
      }
    });
  }
  return problems;
}

const kebab = (name) => name.replace(/[A-Z]/g, (letter, at) => (at === 0 ? "" : "-") + letter.toLowerCase());

/** One component in a file, which has its name, and the interface of its props above it. */
export function checkComponents(src) {
  const problems = [];
  for (const file of filesUnder(src).filter((path) => path.endsWith(".tsx") && !path.endsWith("main.tsx"))) {
    const source = readFileSync(file, "utf8");
    const found = [...source.matchAll(/^(?:export )?(?:function|const) ([A-Z][a-z]\w*)(?:<\w+>)?(\(\)|\(|[^=\n]*= (?:memo|forwardRef)\b)/gm)];
    if (found.length === 0) problems.push(`${file}: no component in it`);
    for (const [, name] of found.slice(1)) problems.push(`${file}: ${name} wants a file of its own`);
    const [, name = "", form = ""] = found[0] ?? [];
    const isProvider = name.endsWith("Provider");
    if (name !== "" && !isProvider && kebab(name) !== basename(file, ".tsx")) {
      problems.push(`${file}: ${name} belongs into ${kebab(name)}.tsx`);
    }
    if (name === "" || form === "()") continue;
    const props = source.indexOf(`interface ${name}Props`);
    if (props < 0 || props > source.search(new RegExp(`(?:function|const) ${name}\\b`))) {
      problems.push(`${file}: interface ${name}Props is not above ${name}`);
    }
  }
  return problems;
}

/** Every effect says beside it what outside of React it talks to. */
export function checkEffects(src) {
  const problems = [];
  for (const file of filesUnder(src).filter((path) => /\.tsx?$/.test(path))) {
    const lines = readFileSync(file, "utf8").split("\n");
    lines.forEach((line, index) => {
      if (!/^\s*use(?:Layout)?Effect\(/.test(line)) return;
      if (!/^\s*(?:\/\/|\*\/)/.test(lines[index - 1] ?? "")) problems.push(`${file}:${index + 1}: an effect without its reason`);
    });
  }
  return problems;
}

/** The folders and files that only compute. */
const cores = ["protocol", "model", "session/reducer.ts", "session/step.ts", "session/state.ts", "session/sending.ts",
  "session/logs.ts", "session/connection.ts", "session/backoff.ts", "session/limits.ts"];

/** What a core must not touch: time, chance, the network, storage and the page. */
const outside = new RegExp(
  "\\b(?:document|window|navigator|location|localStorage|sessionStorage|indexedDB|fetch|WebSocket|performance" +
  "|setTimeout|setInterval|requestAnimationFrame|crypto)\\b[.(]|\\bDate\\.now\\b|\\bMath\\.random\\b|\\bnew Date\\(\\)",
);

/** The reducer, the model and the protocol are without I/O: the same input gives the same output. */
export function checkCores(src) {
  const problems = [];
  const files = filesUnder(src).filter((path) => /\.ts$/.test(path) && !path.endsWith(".test.ts"));
  for (const file of files.filter((path) => cores.some((core) => relative(src, path).startsWith(core)))) {
    readFileSync(file, "utf8").split("\n").forEach((line, index) => {
      if (/^\s*(\/\/|\*|\/\*)/.test(line)) return;
      const found = outside.exec(line);
      if (found !== null) problems.push(`${file}:${index + 1}: a core touches ${found[0]}`);
    });
  }
  return problems;
}

/** Every kind of a message that the thread shows has a file of its own, and the others have none. */
export function checkKinds(src) {
  const folder = join(src, "features/timeline/kinds");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !/^[a-z]+-message\.(?:tsx|css)$/.test(name))
    .map((name) => `${folder}/${name}: is no kind of a message`);
}
