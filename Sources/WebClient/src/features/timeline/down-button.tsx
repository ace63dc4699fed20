import { Badge } from "../../ui/badge";
import { Icon } from "../../ui/icon";
import { text } from "../../text/text";

interface DownButtonProps {
  /** Messages that are not read yet. */
  readonly count: number;
  readonly onPress: () => void;
}

/** Goes down, to what is unread and to the end. */
export function DownButton({ count, onPress }: DownButtonProps) {
  return (
    <div className="timeline__down">
      <button
        type="button"
        className="timeline__to-bottom"
        aria-label={text("thread.toEnd")}
        onClick={onPress}
      >
        <Icon name="down" />
        <span className="timeline__count">
          <Badge count={count} />
        </span>
      </button>
    </div>
  );
}
