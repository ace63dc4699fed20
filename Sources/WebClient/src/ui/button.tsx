import type { ReactNode } from "react";
import { classes } from "./classes";
import { Spinner } from "./spinner";
import "./button.css";

interface ButtonProps {
  readonly children: ReactNode;
  readonly look?: "primary" | "plain" | "danger";
  readonly isWide?: boolean;
  readonly isSmall?: boolean;
  readonly isSubmit?: boolean;
  readonly isDisabled?: boolean;
  /** What it does is being done: it cannot be pressed, and a sign turns on it. */
  readonly isBusy?: boolean;
  readonly onPress?: () => void;
}

/** A button with words on it. */
export function Button(props: ButtonProps) {
  const { children, look = "plain", isWide, isSmall, isSubmit, isDisabled, isBusy, onPress } = props;
  return (
    <button
      type={isSubmit === true ? "submit" : "button"}
      className={classes(
        "button",
        look !== "plain" && `button--${look}`,
        isWide === true && "button--wide",
        isSmall === true && "button--small",
        isBusy === true && "button--busy",
      )}
      disabled={isDisabled === true || isBusy === true}
      onClick={onPress}
    >
      {children}
      {isBusy === true && <Spinner />}
    </button>
  );
}
