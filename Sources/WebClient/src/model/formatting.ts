// The marks in a text and what they mean. What travels and is kept is the text with its marks; what is shown is
// made of it here. Each character is looked at a bounded number of times, whatever somebody writes: the patterns
// stop at the signs that they begin with, and of each pair of marks one at most is open.

/** The marks that stand before and behind what they are about. */
export const marks = { bold: "**", italic: "__", strike: "~~", spoiler: "||" } as const;

export type Style = keyof typeof marks;

/** A piece of a text: plain, or with a meaning. Blocks stand in lines of their own, quotes and texts of code. */
export type Part =
  | string
  | { readonly kind: Style | "quote"; readonly parts: readonly Part[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "block"; readonly text: string; readonly language: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

interface Open {
  readonly style: Style | null;
  readonly parts: Part[];
}

const fence = "```";
const quoted = /^> /;
/** A mark, code, words with an address behind them, an address: what is none of them is plain. */
const token =
  /\*\*|__|~~|\|\||`([^`\n]+)`|\[([^[\]\n]+)\]\((https?:\/\/[^\s()<>"]+)\)|https?:\/\/(?:(?!\*\*|~~|\|\||`)[^\s<>"])*[^\s<>".,;:!?)\]}'*_~|`]/g;
/** Texts without any of these are plain, which most are. */
const hint = /\*\*|__|~~|\|\||`|^> |:\/\//m;
const styles = new Map<string, Style>([
  [marks.bold, "bold"], [marks.italic, "italic"], [marks.strike, "strike"], [marks.spoiler, "spoiler"],
]);

/** The parts of a message. O(length). */
export function formatted(text: string): readonly Part[] {
  if (!hint.test(text)) return [text];
  const parts: Part[] = [];
  let from = 0;
  for (let at = text.indexOf(fence); at >= 0; at = text.indexOf(fence, at)) {
    const end = text.indexOf(fence, at + fence.length);
    if (end < 0) break;
    const [, language = "", code = ""] = /^(?:([\w+#.-]{1,20})\n)?([^]*)$/.exec(text.slice(at + fence.length, end)) ?? [];
    if (code.trim() !== "") {
      addLines(parts, text.slice(from, at).replace(/\n$/, ""));
      parts.push({ kind: "block", language, text: code.replace(/^\n|\n$/g, "") });
      // The line ends with the block.
      from = end + fence.length + (text[end + fence.length] === "\n" ? 1 : 0);
    }
    at = end + fence.length;
  }
  addLines(parts, text.slice(from));
  return parts;
}

/** What a text says, without marks; what a spoiler hides stays hidden. */
export function plain(text: string): string {
  return hint.test(text) ? plainOf(formatted(text)).trim() : text;
}

function plainOf(parts: readonly Part[]): string {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    if (part.kind === "spoiler") return plainOf(part.parts).replace(/\S/gu, "▒");
    if (part.kind === "quote") return `\n${plainOf(part.parts)}\n`;
    return "parts" in part ? plainOf(part.parts) : part.kind === "block" ? `\n${part.text}\n` : part.text;
  }).join("");
}

/** Adds the lines of `text`, those of a quote together. */
function addLines(parts: Part[], text: string): void {
  if (text === "") return;
  const lines = text.split("\n");
  for (let from = 0; from < lines.length; ) {
    const isQuote = quoted.test(lines[from] ?? "");
    let end = from;
    while (end < lines.length && quoted.test(lines[end] ?? "") === isQuote) end += 1;
    const some = lines.slice(from, end);
    if (isQuote) parts.push({ kind: "quote", parts: inline(some.map((line) => line.slice(2)).join("\n")) });
    else for (const part of inline(some.join("\n"))) add(parts, part);
    from = end;
  }
}

function inline(text: string): readonly Part[] {
  const first: Open = { style: null, parts: [] };
  const open = [first];
  const last = () => open[open.length - 1] ?? first;
  const closeAll = (count: number) => {
    // What nobody closed is no mark.
    while (open.length > count) {
      const { style, parts } = open.pop() ?? first;
      if (style !== null) add(last().parts, marks[style]);
      for (const part of parts) add(last().parts, part);
    }
  };
  let from = 0;
  for (const match of text.matchAll(token)) {
    const [all = "", code, words, href] = match;
    const { index = 0 } = match;
    if (index > from) add(last().parts, text.slice(from, index));
    from = index + all.length;
    const style = styles.get(all);
    if (code !== undefined) add(last().parts, { kind: "code", text: code });
    else if (words !== undefined && href !== undefined) add(last().parts, linkOf(all, words, href));
    else if (style === undefined) add(last().parts, { kind: "link", text: all, href: all });
    else {
      const at = open.findIndex((one) => one.style === style);
      const isEmpty = at === open.length - 1 && last().parts.length === 0;
      if (at > 0 && !isEmpty && /\S/.test(text[index - 1] ?? " ")) {
        closeAll(at + 1);
        const { parts } = open.pop() ?? first;
        add(last().parts, { kind: style, parts });
      } else if (at < 0 && /\S/.test(text[from] ?? " ")) open.push({ style, parts: [] });
      else add(last().parts, all);
    }
  }
  if (from < text.length) add(last().parts, text.slice(from));
  closeAll(1);
  return first.parts;
}

/** Words that lead somewhere; but none that look like another address than the one they lead to. */
function linkOf(all: string, words: string, href: string): Part {
  return /:\/\/|www\./i.test(words) && words !== href ? all : { kind: "link", text: words, href };
}

function add(parts: Part[], part: Part): void {
  const last = parts[parts.length - 1];
  if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
  else parts.push(part);
}
