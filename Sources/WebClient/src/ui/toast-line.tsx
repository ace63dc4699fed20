import { useToast } from "./toast";
import "./toast-line.css";

/** Shows what was done just now, and says it to a screen reader. */
export function ToastLine() {
  const text = useToast();
  return (
    <div className="toast-line" role="status">
      {text !== null && <span className="toast-line__text">{text}</span>}
    </div>
  );
}
