// Messages of nothing but a few emoji, which are shown large.

const base = "(?:\\p{Emoji_Presentation}|\\p{Emoji}\\uFE0F|\\p{Emoji}(?=\\p{Emoji_Modifier}))";
const part = `${base}\\uFE0F?\\p{Emoji_Modifier}?(?:[\\u{E0020}-\\u{E007E}]+\\u{E007F})?`;
const flag = "\\p{Regional_Indicator}{2}";
const keycap = "[0-9#*]\\uFE0F?\\u20E3";
const one = `(?:${flag}|${keycap}|${part}(?:\\u200D${part})*)`;
const few = new RegExp(`^(?:${one}){1,3}$`, "u");
const each = new RegExp(one, "gu");
/** The longest emoji are families with a colour of skin for each. */
const lengthMax = 3 * 35;

/** How many emoji `text` consists of, when it is one to three of them and nothing else; else 0. */
export function emojiOnly(text: string): 0 | 1 | 2 | 3 {
  if (text.length > lengthMax || !few.test(text)) return 0;
  const count = (text.match(each) ?? []).length;
  return count === 1 || count === 2 || count === 3 ? count : 0;
}
