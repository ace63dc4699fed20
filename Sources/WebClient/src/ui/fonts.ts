// The page's own font, asked for as the first thing that the script does. It is put to use only where nothing is
// drawn yet or everything is drawn anew, so that it never moves what somebody reads; a visit for which it comes
// too late goes on with the system's font.

const weights = [400, 500];
/** A browser that was here before has the fonts on its disk. */
const patience = 500;

let areHere = false;
const coming = Promise.all(weights.map((weight) => document.fonts.load(`${weight} 1em Roboto`))).then(
  () => {
    areHere = true;
  },
  () => undefined,
);

/** Ends when the fonts are here or are not to be waited for any longer. */
export async function awaitFonts(): Promise<void> {
  await Promise.race([coming, new Promise((resolve) => setTimeout(resolve, patience))]);
}

/** From now on the page is drawn with its own font, if it is here. */
export function takeFonts(): void {
  if (areHere) document.documentElement.dataset["font"] = "own";
}
