const colours = 7;

/** Which of the seven colours a chat or person has; always the same for the same id. */
export function colourOf(id: string): number {
  const value = Number.parseInt(id.slice(-6), 16);
  return Number.isNaN(value) ? 0 : value % colours;
}

/** The first letters of the first two words. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => word !== "");
  const first = [...(words[0] ?? "")][0] ?? "";
  const second = words.length > 1 ? [...(words[words.length - 1] ?? "")][0] ?? "" : "";
  return first + second;
}
