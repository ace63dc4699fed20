// Whether things may move: neither the system nor the person asked for stillness. For motion that a
// script makes; the styles have the same two conditions in tokens.css.

import { preferences } from "./preferences";

export function hasMotion(): boolean {
  return preferences().hasMotion && !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
