import { text } from "../../text/text";
import { classes } from "../../ui/classes";
import { quickReaction } from "../../model/reactions";
import "./quick-reactions.css";

const offered = [quickReaction, "❤️", "😂", "🔥", "🎉", "😮", "😢"];

interface QuickReactionsProps {
  /** What I say of the message already; undefined for nothing. */
  readonly mine: string | undefined;
  /** Null takes back what was said. */
  readonly onReact: (emoji: string | null) => void;
}

/** The emoji that are said most, above the commands of a message. */
export function QuickReactions({ mine, onReact }: QuickReactionsProps) {
  return (
    <div className="quick-reactions" role="group" aria-label={text("reactions.quick")}>
      {offered.map((emoji) => (
        <button
          key={emoji}
          type="button"
          role="menuitemradio"
          aria-checked={emoji === mine}
          aria-label={text("reactions.say", { emoji })}
          tabIndex={-1}
          className={classes("quick-reactions__one", emoji === mine && "quick-reactions__one--mine")}
          onClick={(event) => {
            event.stopPropagation();
            onReact(emoji === mine ? null : emoji);
          }}
          data-testid="quick-reaction"
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}
