import type { ReactNode } from "react";
import { classes } from "./classes";
import { Icon } from "./icon";
import type { IconName } from "./icon";
import "./action-row.css";

interface ActionRowProps {
  readonly icon: IconName;
  readonly label: string;
  /** What is chosen at present, at the end of the row. */
  readonly value?: ReactNode;
  readonly isDanger?: boolean;
  /** The page of the settings that it opens; the focus comes back to it by this name. */
  readonly page?: string;
  readonly onPress: () => void;
}

/** A line of a column that does or opens something. */
export function ActionRow({ icon, label, value, isDanger, page, onPress }: ActionRowProps) {
  return (
    <button
      type="button"
      className={classes("action-row", isDanger === true && "action-row--danger")}
      data-page={page}
      onClick={onPress}
    >
      <Icon name={icon} />
      <span className="action-row__label">{label}</span>
      {value !== undefined && <span className="action-row__value">{value}</span>}
    </button>
  );
}
