import { classes } from "./classes";
import { Icon } from "./icon";
import type { IconName } from "./icon";
import "./icon-button.css";

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, for people who do not see the icon. */
  readonly label: string;
  /** What a pointer is told instead: why it cannot be pressed. */
  readonly hint?: string | undefined;
  /** How it stands out: filled with the accent, or lifted off the page in its colour. */
  readonly look?: "plain" | "filled" | "lifted";
  readonly isDisabled?: boolean;
  /** It opens a menu, which is open or not. */
  readonly hasMenu?: boolean;
  readonly isMenuOpen?: boolean;
  readonly isSubmit?: boolean;
  readonly onPress?: () => void;
}

/** A round button that shows an icon. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, hint = label, look = "plain", isDisabled, hasMenu, isMenuOpen, isSubmit, onPress } = props;
  return (
    <button
      type={isSubmit === true ? "submit" : "button"}
      className={classes("icon-button", look !== "plain" && `icon-button--${look}`)}
      aria-label={label}
      aria-haspopup={hasMenu === true ? "menu" : undefined}
      aria-expanded={hasMenu === true ? isMenuOpen === true : undefined}
      title={hint}
      disabled={isDisabled === true}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
