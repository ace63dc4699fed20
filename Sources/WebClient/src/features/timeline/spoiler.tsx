import { useState } from "react";
import type { ReactNode } from "react";
import { text } from "../../text/text";
import "./spoiler.css";

interface SpoilerProps {
  readonly children: ReactNode;
}

/** What nobody sees before they ask for it. */
export function Spoiler({ children }: SpoilerProps) {
  const [isShown, setShown] = useState(false);
  if (isShown) return <span className="spoiler" tabIndex={-1} data-mark="||">{children}</span>;
  return (
    <span
      className="spoiler spoiler--hidden"
      role="button"
      tabIndex={0}
      aria-label={text("thread.spoiler")}
      title={text("thread.spoiler")}
      data-mark="||"
      onClick={(event) => {
        event.preventDefault();
        setShown(true);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        setShown(true);
      }}
    >
      {children}
    </span>
  );
}
