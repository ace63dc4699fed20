// Asks for the fonts of the page's own words as the first thing that the script does: they come while the rest
// of it runs, before the first words are drawn, and do not take the line from the script itself. Those that
// come later are not used in this visit (`font-display: optional`): nothing may move.

for (const weight of [400, 500]) void document.fonts.load(`${weight} 1em Roboto`).catch(() => undefined);

export {};
