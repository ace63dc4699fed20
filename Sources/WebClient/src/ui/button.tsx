import type { ReactNode } from "react";
import { classes } from "./classes";
import "./button.css";

interface ButtonProps {
  readonly children: ReactNode;
  readonly look?: "primary" | "plain" | "danger";
  readonly isWide?: boolean;
  readonly isSmall?: boolean;
  readonly isSubmit?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress?: () => void;
}

/** A button with words on it. */
export function Button(props: ButtonProps) {
  const { children, look = "plain", isWide, isSmall, isSubmit, isDisabled, onPress } = props;
  return (
    <button
      type={isSubmit === true ? "submit" : "button"}
      className={classes(
        "button",
        look !== "plain" && `button--${look}`,
        isWide === true && "button--wide",
        isSmall === true && "button--small",
      )}
      disabled={isDisabled === true}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
