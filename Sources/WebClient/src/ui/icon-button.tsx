import { classes } from "./classes";
import { Icon } from "./icon";
import type { IconName } from "./icon";
import "./icon-button.css";

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, for people who do not see the icon. */
  readonly label: string;
  readonly isFilled?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

/** A round button that shows an icon. */
export function IconButton({ icon, label, isFilled, isDisabled, onPress }: IconButtonProps) {
  return (
    <button
      type="button"
      className={classes("icon-button", isFilled === true && "icon-button--filled")}
      aria-label={label}
      title={label}
      disabled={isDisabled === true}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
