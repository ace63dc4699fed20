import { useState } from "react";
import { newestStars } from "../../model/stars";
import type { ChatId } from "../../protocol/ids";
import { useSnapshot } from "../../session/context";
import { text } from "../../text/text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { StarredRow } from "./starred-row";
import "./starred.css";

interface StarredProps {
  readonly onClose: () => void;
  readonly onShow: (chat: ChatId, seq: number) => void;
}

/** Rows that come at once: each may have to be asked of the cluster. */
const pageRows = 30;

/** The messages with a star in all my chats, the newest star first. */
export function Starred({ onClose, onShow }: StarredProps) {
  const { store } = useSnapshot();
  const [shownMax, setShownMax] = useState(pageRows);
  const chats = Object.values(store.chats);
  const stars = newestStars(store.stars, chats.map(({ id }) => id));
  return (
    <Dialog title={text("starred.title")} onClose={onClose}>
      {stars.length === 0 && <p role="status">{text("starred.none")}</p>}
      <ul className="starred" aria-label={text("starred.title")}>
        {stars.slice(0, shownMax).map(({ chat: id, seq }) => {
          const chat = store.chats[id];
          return chat === undefined ? null : (
            <StarredRow key={`${id} ${seq}`} chat={chat} seq={seq} onShow={() => onShow(id, seq)} />
          );
        })}
      </ul>
      {stars.length > shownMax && (
        <Button isWide onPress={() => setShownMax(shownMax + pageRows)}>
          {text("button.more")}
        </Button>
      )}
    </Dialog>
  );
}
