import { text } from "../../text/text";
import "./quiet-bar.css";

/** What stands in the place of the composer where one may not write. */
export function QuietBar() {
  return (
    <div className="quiet-bar" data-testid="quiet-bar">
      <p className="quiet-bar__text">{text("composer.quiet")}</p>
    </div>
  );
}
