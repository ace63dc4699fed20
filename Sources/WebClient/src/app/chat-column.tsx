import type { Chat } from "../model/chat";
import type { ChosenAct } from "../model/chat-acts";
import { totalUnread } from "../model/store";
import { PartsContext } from "../features/timeline/parts";
import { Timeline } from "../features/timeline/timeline";
import { useSnapshot } from "../session/context";
import { useMutes } from "../session/mutes";
import { usePreferences } from "../ui/preferences";
import { Later } from "../ui/later";
import { ChatFoot } from "./chat-foot";
import { ChatHeader } from "./chat-header";
import { extras } from "./chunks";
import type { ChatSearchState } from "./use-chat-search";

interface ChatColumnProps {
  readonly chat: Chat;
  readonly onBack: () => void;
  readonly onInfo: () => void;
  readonly search: ChatSearchState;
  readonly onAct: (chosen: ChosenAct) => void;
}

/** The chat that is open: its head, the search in it, its thread and what is written to it. */
export function ChatColumn(props: ChatColumnProps) {
  const { chat, search, onBack, onInfo, onAct } = props;
  const { store } = useSnapshot();
  const { hourCycle } = usePreferences();
  const mutes = useMutes();
  return (
    <>
      <ChatHeader
        chat={chat}
        otherUnread={totalUnread(store, mutes, Date.now(), chat.id)}
        onBack={onBack}
        onInfo={onInfo}
        onSearch={search.begin}
        onAct={onAct}
        pinned={
          chat.pins.length > 0 && (
            <Later from={extras}>{({ PinnedBar }) => <PinnedBar key={chat.id} chat={chat} />}</Later>
          )
        }
      />
      {search.chat === chat.id && (
        <Later from={extras}>
          {({ ChatSearch }) => <ChatSearch key={`search ${chat.id}`} chat={chat.id} onClose={search.end} />}
        </Later>
      )}
      <PartsContext.Provider value={extras}>
        <Timeline
          key={`${chat.id} ${hourCycle}`}
          chat={chat}
          messageMenu={(asked, onClose) => (
            <Later from={extras}>
              {({ MessageMenu }) => <MessageMenu {...asked} of={chat} onClose={onClose} />}
            </Later>
          )}
        />
      </PartsContext.Provider>
      <ChatFoot key={`foot ${chat.id}`} chat={chat} />
    </>
  );
}
