import { useContext } from "react";
import { nameOf } from "../../model/words";
import type { Reactions, ReactionTally } from "../../protocol/frames";
import { useClient, useSnapshot } from "../../session/context";
import { text } from "../../text/text";
import { Avatar } from "../../ui/avatar";
import { classes } from "../../ui/classes";
import { ThreadActsContext } from "./thread-acts";
import "./reaction-chips.css";

interface ReactionChipsProps {
  /** The number of the message. */
  readonly seq: number;
  readonly reactions: Reactions;
  readonly isOut: boolean;
  /** Whether the message has no ground. */
  readonly isBare: boolean;
}

/** What people say of a message, below its words. A press says the same, or takes it back. */
export function ReactionChips({ seq, reactions, isOut, isBare }: ReactionChipsProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const { chat } = useContext(ThreadActsContext);
  const { mine, tallies } = reactions;
  const who = ({ count, first }: ReactionTally): string => {
    const names = first.map((account) => (account === me?.id ? text("reactions.you") : nameOf(store.people, account)));
    return [...names, ...(count > names.length ? [text("reactions.others", { n: count - names.length })] : [])].join(", ");
  };
  const press = (emoji: string) => {
    if (chat !== null) client.react(chat, seq, emoji === mine ? null : emoji);
  };
  return (
    <span
      className={classes("reaction-chips", isOut && "reaction-chips--out", isBare && "reaction-chips--bare")}
      role="group"
      aria-label={text("reactions.label")}
    >
      {tallies.map((tally) => (
        <button
          key={tally.emoji}
          type="button"
          className={classes("reaction-chips__chip", tally.emoji === mine && "reaction-chips__chip--mine")}
          aria-pressed={tally.emoji === mine}
          aria-label={text("reactions.chip", { emoji: tally.emoji, names: who(tally) })}
          title={who(tally)}
          onClick={() => press(tally.emoji)}
          data-testid="reaction"
        >
          <span className="reaction-chips__emoji">{tally.emoji}</span>
          {tally.count > tally.first.length ? (
            <span className="reaction-chips__count">{tally.count}</span>
          ) : (
            <span className="reaction-chips__people">
              {tally.first.map((account) => (
                <Avatar key={account} id={account} name={nameOf(store.people, account)} size="medium" />
              ))}
            </span>
          )}
        </button>
      ))}
    </span>
  );
}
