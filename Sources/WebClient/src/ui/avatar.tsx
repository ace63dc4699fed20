import { classes } from "./classes";
import { colourOf, initialsOf } from "./peer-colour";
import "./avatar.css";

interface AvatarProps {
  readonly id: string;
  readonly name: string;
  readonly size?: "normal" | "medium" | "large";
}

/** A coloured disc with a chat's or person's initials. It says nothing that the name beside it does not. */
export function Avatar({ id, name, size = "normal" }: AvatarProps) {
  return (
    <span
      className={classes("avatar", `avatar--${colourOf(id)}`, size !== "normal" && `avatar--${size}`)}
      aria-hidden="true"
    >
      {initialsOf(name)}
    </span>
  );
}
