// Whether the hours of a day are counted to 24, as everywhere on the page unless a person chooses 12.

export type HourCycle = "h23" | "h12";

let chosen: HourCycle = "h23";

export function chooseHourCycle(cycle: HourCycle): void {
  chosen = cycle;
}

/** The options of a time of day for `Intl`. */
export function timeOfDay(): Intl.DateTimeFormatOptions {
  return chosen === "h12"
    ? { hour: "numeric", minute: "2-digit", hour12: true }
    : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
}
