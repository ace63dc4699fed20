import { text as words } from "../text/text";
import "./notice.css";

interface NoticeProps {
  readonly text: string;
  readonly onDismiss: () => void;
}

/** A sentence at the bottom of the page about what just went wrong. */
export function Notice({ text, onDismiss }: NoticeProps) {
  return (
    <div className="notice" role="alert">
      <span>{text}</span>
      <button type="button" className="notice__close" onClick={onDismiss}>
        {words("button.ok")}
      </button>
    </div>
  );
}
