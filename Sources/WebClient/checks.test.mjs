// The checks of the house rules find what breaks them: each is given a small tree with one sin in it.

import { equal, match } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import * as checks from "./checks.mjs";

const root = mkdtempSync(join(tmpdir(), "checks-"));
after(() => rmSync(root, { recursive: true, force: true }));
let trees = 0;

const catalogue = 'export const en = {\n  "a.word": "Word",\n};\n';
const component = `import { text } from "../text/text";

interface GoodThingProps {
  readonly name: string;
}

/** Good. */
export function GoodThing({ name }: GoodThingProps) {
  return <p>{text("a.word", { name })}</p>;
}
`;

/** A tree that breaks no rule, but for `files`. */
function tree(files) {
  const src = join(root, `tree-${(trees += 1)}`);
  const all = { "text/en.ts": catalogue, "text/text.ts": "export {};\n", "ui/good-thing.tsx": component, ...files };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(src, name)), { recursive: true });
    writeFileSync(join(src, name), content);
  }
  return src;
}

function complaints(files) {
  const src = tree(files);
  return Object.values(checks).flatMap((check) => check(src));
}

test("a tree without sin is not complained about", () => {
  equal(complaints({}).join("\n"), "");
});

const sins = {
  "a feature that imports a feature": [
    { "features/a/good-thing.tsx": `import { b } from "../b/b";\n${component.replace("../text", "../../text")}`, "features/b/b.ts": "export const b = 1;\n" },
    /feature a imports feature b/,
  ],
  "an arrow that goes up": [{ "model/m.ts": 'import { GoodThing } from "../ui/good-thing";\nGoodThing;\n' }, /model may not import ui/],
  "a class of another component": [{ "ui/good-thing.css": ".other__part {\n  color: red;\n}\n" }, /class other__part/],
  "words that no catalogue holds": [{ "ui/good-thing.tsx": component.replace("<p>{", "<p>Words</p><p>{") }, /words that no catalogue holds/],
  "a text that nothing shows": [{ "text/en.ts": catalogue.replace("};", '  "a.other": "Other",\n};') }, /nothing shows a.other/],
  "a cast": [{ "model/m.ts": "export const one = two as string;\n" }, /a cast/],
  "an inline style": [{ "ui/good-thing.tsx": component.replace("<p>", "<p style={{ top: 1 }}>") }, /an inline style/],
  "two components in a file": [
    { "ui/good-thing.tsx": `${component}\nfunction OtherThing() {\n  return null;\n}\n` },
    /OtherThing wants a file of its own/,
  ],
  "a component in a file of another name": [
    { "ui/thing.tsx": component },
    /GoodThing belongs into good-thing.tsx/,
  ],
  "a component whose props have no interface": [
    { "ui/good-thing.tsx": component.replace("GoodThingProps {", "Other {") },
    /interface GoodThingProps is not above GoodThing/,
  ],
  "an effect without its reason": [
    { "ui/use-thing.ts": "export function useThing() {\n  useEffect(() => undefined);\n}\n" },
    /an effect without its reason/,
  ],
  "a reducer that asks the clock": [{ "session/reducer.ts": "export const now = Date.now();\n" }, /a core touches Date.now/],
  "a model that fetches": [{ "model/m.ts": 'export const page = fetch("/");\n' }, /a core touches fetch/],
  "a file that is no kind of a message": [
    { "features/timeline/kinds/helpers.ts": "export {};\n" },
    /helpers.ts: is no kind of a message/,
  ],
};

for (const [name, [files, complaint]] of Object.entries(sins)) {
  test(`${name} is found`, () => match(complaints(files).join("\n"), complaint));
}

test("a component of more than 150 lines is found", () => {
  match(complaints({ "ui/good-thing.tsx": component + "\n".repeat(160) }).join("\n"), /150 are the limit/);
});
