import type { ChatId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { Button } from "../../ui/button";
import { focusComposer } from "../../ui/focus-composer";
import { Spinner } from "../../ui/spinner";
import { text } from "../../text/text";

interface HoleProps {
  readonly rowKey: string;
  readonly chat: ChatId;
  /** Entries below this number are not here. */
  readonly before: number;
}

/** The place of entries that are not here: on their way, or refused until somebody asks again. */
export function Hole({ rowKey, chat, before }: HoleProps) {
  const client = useClient();
  const { refused } = useSnapshot();
  return (
    <li className="timeline-row--hole" data-key={rowKey} data-before={before}>
      {refused[chat] === true ? (
        <span role="status">
          {text("thread.notLoaded")}{" "}
          <Button
            isSmall
            onPress={() => {
              client.opened(chat);
              client.loadHistory(chat, before);
              focusComposer();
            }}
          >
            {text("button.retry")}
          </Button>
        </span>
      ) : (
        <Spinner label={text("thread.loading")} />
      )}
    </li>
  );
}
