import { useState } from "react";
import { flushSync } from "react-dom";
import type { ChosenAct } from "../model/chat-acts";
import type { ChatId } from "../protocol/ids";
import { AlertHint } from "../features/alerts/alert-hint";
import { ChatList } from "../features/chat-list/chat-list";
import { RowPartsContext } from "../features/chat-list/row-parts";
import { useClient, useListedChats, useSnapshot } from "../session/context";
import { classes } from "../ui/classes";
import { focusComposer } from "../ui/focus-composer";
import { Later } from "../ui/later";
import { useLingering } from "../ui/use-lingering";
import { Alerts } from "./alerts";
import { ChatColumn } from "./chat-column";
import { ChatDialogs } from "./chat-dialogs";
import { extras } from "./chunks";
import { ColumnDivider } from "./column-divider";
import { PageDialogs } from "./page-dialogs";
import type { PageDialog } from "./page-dialogs";
import { openChat, openInfo, openSettings, stepOut } from "./routes";
import type { Route } from "./routes";
import { hasSlides, slideMilliseconds } from "./slides";
import { useAnnouncements } from "./use-announcements";
import { useChatSearch } from "./use-chat-search";
import { useKeys } from "./use-keys";
import { usePlaces } from "./use-places";

interface ColumnsProps {
  readonly route: Route;
}

/** List, chat and info beside each other; on a phone one over the other. */
export function Columns({ route }: ColumnsProps) {
  const client = useClient();
  const { store, me, isKept } = useSnapshot();
  const [dialog, setDialog] = useState<PageDialog | null>(null);
  const [chosen, setChosen] = useState<ChosenAct | null>(null);
  const search = useChatSearch(route.chat);
  const { listed, archived } = useListedChats(route.chat);
  const chat = route.chat === null ? null : store.chats[route.chat] ?? null;
  const page = route.settings;
  const isChatOpen = chat !== null && page === null;
  const isInfoOpen = chat !== null && route.isInfoOpen;
  const shownId = useLingering(chat === null ? null : chat.id, hasSlides() ? slideMilliseconds : 0);
  const shownInfo = useLingering(isInfoOpen ? chat.id : null, slideMilliseconds);
  const shownChat = shownId === null ? null : store.chats[shownId] ?? null;
  const infoChat = shownInfo === null ? null : store.chats[shownInfo] ?? null;
  const said = useAnnouncements(chat, store.people, me?.id ?? null);
  usePlaces(route);

  useKeys({
    openChat: route.chat,
    chats: (archived.some(({ id }) => id === route.chat) ? archived : listed).map(({ id }) => id),
    onOpen: enter,
    onPalette: () => setDialog("palette"),
    onHelp: () => setDialog("keys"),
    onFind: search.begin,
    onOut: stepOut,
  });

  function enter(id: ChatId) {
    // First the dialog closes and gives the focus back, then the chat takes it.
    flushSync(() => setDialog(null));
    client.opened(id);
    openChat(id);
    // A chat that opens takes it by itself; one that is open already does not open again.
    if (id === route.chat) focusComposer();
  }

  /** Opens a chat at a message. */
  function enterAt(id: ChatId, seq: number) {
    if (id === route.chat) flushSync(() => setDialog(null));
    else enter(id);
    client.show(id, seq);
  }

  const signOut = () => void client.signOut(false).catch((error: unknown) => client.complain(error));
  return (
    <div
      className={classes(
        "app",
        isChatOpen && "app--chat",
        isInfoOpen && "app--info",
        infoChat !== null && !isInfoOpen && "app--info-leaving",
      )}
    >
      <div className="app__left">
        {page !== null && me !== null ? (
          <Later from={extras}>
            {({ Settings }) => (
              <Settings me={me} page={page} isKept={isKept} onPage={openSettings} onBack={stepOut} onSignOut={signOut} />
            )}
          </Later>
        ) : (
          <RowPartsContext.Provider value={extras}>
            <ChatList
              openChat={route.chat}
              onOpen={enter}
              onNewChat={() => setDialog("newChat")}
              onStarred={() => setDialog("starred")}
              onSettings={() => openSettings("overview")}
              onSignOut={signOut}
              menuOf={(chat, anchor, onClose) => (
                <Later from={extras}>
                  {({ ChatRowMenu }) => <ChatRowMenu chat={chat} anchor={anchor} onAct={setChosen} onClose={onClose} />}
                </Later>
              )}
              messages={(words) => (
                <Later from={extras}>{({ MessageHits }) => <MessageHits words={words} onOpen={enterAt} />}</Later>
              )}
            />
          </RowPartsContext.Provider>
        )}
        <AlertHint />
        <ColumnDivider />
      </div>
      <main className="app__centre">
        {shownChat !== null && (
          <ChatColumn
            chat={shownChat}
            onBack={stepOut}
            onInfo={() => (isInfoOpen ? stepOut() : openInfo())}
            search={search}
            onAct={setChosen}
          />
        )}
      </main>
      {infoChat !== null && (
        <div className={classes("app__right", !isInfoOpen && "app__right--leaving")}>
          <Later from={extras}>
            {({ ChatInfo }) => (
              <ChatInfo key={infoChat.id} chat={infoChat} onClose={stepOut} onOpen={enter} onAct={setChosen} />
            )}
          </Later>
        </div>
      )}
      <div className="app__said" role="status">
        {said}
      </div>
      <PageDialogs shown={dialog} onClose={() => setDialog(null)} onOpen={enter} onShow={enterAt} />
      <Alerts openChat={route.chat} onOpen={enter} />
      <ChatDialogs chosen={chosen} onClose={() => setChosen(null)} />
    </div>
  );
}
