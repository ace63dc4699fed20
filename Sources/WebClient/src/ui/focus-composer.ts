// Where the focus goes when what had it went away: to the field in which one writes.

const hasTouch = matchMedia("(pointer: coarse)").matches;

/** Not on a touch screen, where the focus would open the keyboard; from below a dialog when that closes. */
export function focusComposer(): void {
  if (hasTouch) return;
  const dialog = document.querySelector("dialog[open]");
  if (dialog !== null) dialog.addEventListener("close", focusComposer, { once: true });
  else document.querySelector<HTMLElement>("[data-composer]")?.focus();
}
