// Moves a thread to its end: smoothly where motion is wanted, and at most the last stretch of the way.

import { hasMotion } from "../../ui/motion";

/** Of a longer way only so much is animated; the rest is a jump (UI.md, 11). */
const pixelsMax = 1_500;
const millisecondsMin = 250;
const millisecondsMax = 600;

/**
 * Goes to the end, wherever it moves meanwhile; `onDone` is called once when that is done or stopped.
 * Answers what stops it.
 */
export function glide(scroll: HTMLElement, onDone: () => void): () => void {
  const end = () => scroll.scrollHeight - scroll.clientHeight;
  const way = Math.min(pixelsMax, end() - scroll.scrollTop);
  let frame = 0;
  let isDone = false;
  const stop = () => {
    cancelAnimationFrame(frame);
    if (isDone) return;
    isDone = true;
    onDone();
  };
  if (way < 1 || !hasMotion() || document.visibilityState === "hidden") {
    scroll.scrollTop = end();
    // Whoever asked gets the answer first.
    queueMicrotask(stop);
    return stop;
  }
  const duration = millisecondsMin + ((millisecondsMax - millisecondsMin) * way) / pixelsMax;
  const started = performance.now();
  const step = (now: number) => {
    const part = Math.min(1, Math.max(0, (now - started) / duration));
    scroll.scrollTop = end() - way * (1 - part) ** 3;
    if (part < 1) frame = requestAnimationFrame(step);
    else stop();
  };
  scroll.scrollTop = end() - way;
  frame = requestAnimationFrame(step);
  return stop;
}
