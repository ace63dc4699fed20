// The house rules that tsc does not know, as functions that answer sentences about what breaks them.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** What each folder of src may import, besides itself. */
const arrows = {
  protocol: [],
  model: ["protocol"],
  ui: ["model", "protocol"],
  session: ["model", "protocol"],
  features: ["session", "ui", "model", "protocol"],
  app: ["features", "session", "ui", "model", "protocol"],
  testing: ["session", "model", "protocol"],
  "main.tsx": ["app", "session", "ui"],
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
    [/\/\/ (TODO|FIXME)/, "an unfinished thought"],
  ];
  for (const file of filesUnder(src).filter((path) => /\.tsx?$/.test(path))) {
    const lines = readFileSync(file, "utf8").split("\n");
    if (file.endsWith(".tsx") && lines.length > 151) problems.push(`${file}: ${lines.length} lines, 150 are the limit`);
    lines.forEach((line, index) => {
      if (/^\s*(\/\/|\*|\/\*)/.test(line)) return;
      for (const [pattern, what] of bans) {
        if (pattern.test(line)) problems.push(`${file}:${index + 1}: ${what}`);
      }
    });
  }
  return problems;
}
