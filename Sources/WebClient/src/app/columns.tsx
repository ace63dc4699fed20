import { useEffect, useState } from "react";
import { unread } from "../model/chat";
import { totalUnread } from "../model/store";
import type { ChatId } from "../protocol/ids";
import { ChatInfo } from "../features/chat-info/chat-info";
import { ChatList } from "../features/chat-list/chat-list";
import { Composer } from "../features/composer/composer";
import { Invite } from "../features/invite/invite";
import { NewChat } from "../features/new-chat/new-chat";
import { Profile } from "../features/profile/profile";
import { Timeline } from "../features/timeline/timeline";
import { useClient, useSnapshot } from "../session/context";
import { classes } from "../ui/classes";
import { ChatHeader } from "./chat-header";
import { openChat, openInfo, stepOut } from "./routes";
import type { Route } from "./routes";

interface ColumnsProps {
  readonly route: Route;
}

/** List, chat and info beside each other; on a phone one at a time. */
export function Columns({ route }: ColumnsProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const [dialog, setDialog] = useState<"newChat" | "profile" | "invite" | null>(null);
  const chat = route.chat === null ? null : store.chats[route.chat] ?? null;
  const isInfoOpen = chat !== null && route.isInfoOpen;

  // Escape walks out: info, then chat. Dialogs and menus keep their own Escape.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (document.querySelector("dialog[open], [role=menu]") !== null) return;
      if (event.target instanceof HTMLInputElement) return;
      stepOut();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);

  function enterNew(id: ChatId) {
    setDialog(null);
    openChat(id);
  }

  return (
    <div className={classes("app", chat !== null && "app--chat")}>
      <div className="app__left">
        <ChatList
          openChat={route.chat}
          onOpen={(id) => {
            client.opened(id);
            openChat(id);
          }}
          onNewChat={() => setDialog("newChat")}
          onProfile={() => setDialog("profile")}
          onSignOut={() =>
            void client.signOut(false).catch((error: unknown) => client.tell(error))
          }
        />
      </div>
      <main className="app__centre">
        {chat !== null && (
          <>
            <ChatHeader
              chat={chat}
              otherUnread={totalUnread(store) - unread(chat)}
              onBack={stepOut}
              onInfo={() => (isInfoOpen ? stepOut() : openInfo())}
              onInvite={() => setDialog("invite")}
            />
            <Timeline key={chat.id} chat={chat} />
            <Composer key={`composer ${chat.id}`} chat={chat.id} />
          </>
        )}
      </main>
      {isInfoOpen && (
        <div className="app__right">
          <ChatInfo
            key={chat.id}
            chat={chat}
            onClose={stepOut}
            onInvite={() => setDialog("invite")}
          />
        </div>
      )}
      {dialog === "newChat" && <NewChat onClose={() => setDialog(null)} onCreated={enterNew} />}
      {dialog === "profile" && me !== null && (
        <Profile me={me} onClose={() => setDialog(null)} />
      )}
      {dialog === "invite" && chat !== null && (
        <Invite chat={chat.id} onClose={() => setDialog(null)} />
      )}
    </div>
  );
}
