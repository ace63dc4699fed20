// How columns slide, which app.css makes them do.

/** As long as the slowest slide of a column; what slides out is there until it is out. */
export const slideMilliseconds = 450;

/** Whether the chat slides over the list; app.css has the same width. Where it stands beside it, it goes at once. */
export function hasSlides(): boolean {
  return matchMedia("(max-width: 925px)").matches;
}
