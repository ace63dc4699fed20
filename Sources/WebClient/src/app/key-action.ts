// What a key means, before anything is done about it.

export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly target: EventTarget | null;
}

export type KeyAction =
  | { readonly kind: "palette" | "help" | "search" | "find" | "out" }
  | { readonly kind: "step"; readonly by: 1 | -1 }
  | { readonly kind: "nth"; readonly index: number };

/**
 * What `key` asks for; null for nothing. `isWriting` says that a field has the focus: it keeps its
 * letters. `isLayered` that a dialog or menu is open, which keeps every key.
 */
export function keyAction(key: Key, isWriting: boolean, isLayered: boolean): KeyAction | null {
  if (isLayered) return null;
  const hasCommand = (key.ctrlKey || key.metaKey) && !key.altKey;
  const letter = key.key.toLowerCase();
  if (hasCommand && !key.shiftKey && letter === "k") return { kind: "palette" };
  if (hasCommand && key.shiftKey && letter === "f") return { kind: "search" };
  if (hasCommand && !key.shiftKey && letter === "f") return { kind: "find" };
  if (hasCommand && !key.shiftKey && /^[1-9]$/.test(key.key)) {
    return { kind: "nth", index: Number(key.key) - 1 };
  }
  if (key.altKey && !hasCommand && key.key === "ArrowDown") return { kind: "step", by: 1 };
  if (key.altKey && !hasCommand && key.key === "ArrowUp") return { kind: "step", by: -1 };
  if (key.key === "Escape" && !hasCommand) return { kind: "out" };
  if (key.key === "?" && !hasCommand && !key.altKey && !isWriting) return { kind: "help" };
  return null;
}
