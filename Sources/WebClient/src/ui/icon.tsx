import { classes } from "./classes";
import "./icon.css";

const paths = {
  menu: "M4 7h16M4 12h16M4 17h16",
  back: "M11 5l-7 7 7 7M4.5 12H20",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
  close: "M6 6l12 12M18 6L6 18",
  more: "M12 5v.01M12 12v.01M12 19v.01",
  pencil: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  send: "M4 4l17 8-17 8 3-8zM7 12h8",
  down: "M6 9l6 6 6-6",
  people: "M9 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM2 20c0-4 3-6 7-6s7 2 7 6M16 5a3.5 3.5 0 0 1 0 7M18 14.5c2.500 .5 4 2.500 4 5.500",
  addPerson: "M10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM3 20c0-4 3-6 7-6s7 2 7 6M19 7v6M16 10h6",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M8 12h10",
  moon: "M20 14A8 8 0 1 1 10 4a6.500 6.500 0 0 0 10 10z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c0-4 3-6 7-6s7 2 7 6",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  retry: "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8v.01",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  devices: "M3 5h14v10H3zM2 18h11M16 10h5v10h-5z",
  keyboard: "M3 6h18v12H3zM7 10v.01M11 10v.01M15 10v.01M17 10v.01M8 14h8",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10.500 3h3l.5 2.500 2 1 2.500-.8 1.500 2.600-2 1.700v2l2 1.700-1.500 2.600-2.500-.8-2 1-.5 2.500h-3l-.5-2.500-2-1-2.500.8-1.500-2.600 2-1.700v-2l-2-1.700 1.500-2.600 2.500.8 2-1z",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  up: "M12 20V5M6 11l6-6 6 6",
  check: "M5 12.500L10 17.500 20 7",
  select: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12l3 3 5-6",
  reply: "M10 5l-7 6 7 6v-4c5 0 8 1.500 10 5 0-6-3-10-10-10z",
  pin: "M9 3h6l-1 7 4 4H6l4-4zM12 14v7",
  star: "M12 3l2.700 5.800 6.300.7-4.700 4.300 1.300 6.200-5.600-3.200L6.400 20l1.300-6.200L3 9.500l6.300-.7z",
  forward: "M14 5l7 7-7 6v-4c-5 0-8 1.500-10 5 0-6 3-10 10-10z",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  newTab: "M13 4H5v15h15v-8M16 4h4v4M20 4l-9 9",
  read: "M2.500 12.500L7 17 17 7M13 16l1.500 1L22 9",
  language: "M3 6h11M8.500 3v3M12 6c-1 5-4 8-8 10M5.500 9c1.500 3 4 5 7 6.500M12.500 20l4-10 4 10M14 17h5",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9v.01",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
  at: "M16 8v5a2.500 2.500 0 0 0 5 0v-1a9 9 0 1 0-4 7.500M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  bell: "M6 17h12l-1.500-2v-4a4.500 4.500 0 0 0-9 0v4zM10.500 20h3",
  mute: "M6 17h12l-1.500-2v-4a4.500 4.500 0 0 0-9 0v4zM10.500 20h3M4 4l16 16",
  archive: "M4 5h16v4H4zM6 9v10h12V9M10 13h4",
  unread: "M13 5H4v12h4v4l5-4h7v-6M19 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  bold: "M7 5h6a3.500 3.500 0 0 1 0 7H7zM7 12h7a3.500 3.500 0 0 1 0 7H7z",
  italic: "M10 5h7M7 19h7M14 5l-4 14",
  strike: "M4 12h16M16 8c0-2-2-3-4-3s-4 1-4 3M8 16c0 2 2 3 4 3s4-1 4-3",
  code: "M9 7l-5 5 5 5M15 7l5 5-5 5",
  eye: "M3 12c4-6 14-6 18 0-4 6-14 6-18 0zM12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  spoiler: "M3 12c4-6 14-6 18 0-4 6-14 6-18 0zM5 20L19 4",
  quote: "M10 8H5v5h5zv5c0 2-1 3-4 4M19 8h-5v5h5zv5c0 2-1 3-4 4",
} as const;

export type IconName = keyof typeof paths;

/** Icons that point along the line, and so the other way where one reads from right to left. */
const directed: ReadonlySet<IconName> = new Set<IconName>(["back", "send", "leave", "newTab", "reply", "forward"]);

interface IconProps {
  readonly name: IconName;
}

/** A line icon, 24 pixels square, in the colour of the text around it. */
export function Icon({ name }: IconProps) {
  return (
    <svg className={classes("icon", directed.has(name) && "icon--directed")} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
