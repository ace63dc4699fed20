import { useContext } from "react";
import type { Chat } from "../../model/chat";
import { readersOf } from "../../model/readers";
import { may } from "../../model/roles";
import { isDeletable, isEditable, repliedBy } from "../../model/rows";
import type { Row } from "../../model/rows";
import { useClient, useSnapshot } from "../../session/context";
import { select } from "../../session/selecting";
import { text } from "../../text/text";
import { copyText } from "../../ui/clipboard";
import { MenuPanel } from "../../ui/menu-panel";
import type { MenuItem } from "../../ui/menu-panel";
import type { Anchor } from "../../ui/place";
import { toast } from "../../ui/toast";
import { QuickReactions } from "./quick-reactions";
import { ThreadActsContext } from "./thread-acts";

interface MessageMenuProps {
  readonly row: Row;
  /** The address of the link that was pressed, if one was. */
  readonly link: string | null;
  /** What of the page is selected. */
  readonly selected: string;
  readonly anchor: Anchor;
  /** Whose message it is. */
  readonly of: Chat;
  readonly onClose: () => void;
}

/** What can be done with a message. */
export function MessageMenu(props: MessageMenuProps) {
  const { row, link, selected, anchor, of, onClose } = props;
  const client = useClient();
  const { store } = useSnapshot();
  const { chat, jump, reply, edit } = useContext(ThreadActsContext);
  const items: MenuItem[] = [];
  const replied = repliedBy(row);
  const own = row.kind === "message" ? row.entry.seq : 0;
  const mayWrite = may(of, "send");
  if (mayWrite && row.kind === "message" && row.entry.kind === "text") {
    items.push({ icon: "reply", text: text("thread.reply"), onPress: () => reply(own) });
  }
  if (mayWrite && isEditable(row, Date.now())) {
    items.push({ icon: "pencil", text: text("thread.edit"), onPress: () => edit(own) });
  }
  if (replied !== 0) {
    items.push({ icon: "up", text: text("thread.showReplied"), onPress: () => jump(replied, own) });
  }
  const copy = (what: string) => () =>
    void copyText(what).then((isCopied) => toast(text(isCopied ? "thread.copied" : "thread.notCopied")));
  const words = wordsOf(row);
  if (selected !== "") items.push({ icon: "copy", text: text("thread.copySelected"), onPress: copy(selected) });
  else if (words !== null) items.push({ icon: "copy", text: text("thread.copy"), onPress: copy(words) });
  if (link !== null) items.push({ icon: "link", text: text("thread.copyLink"), onPress: copy(link) });
  if (chat !== null && row.kind === "message" && row.entry.kind === "text") {
    const { entry } = row;
    // The ticks of a chat of two say as much.
    const readers = row.isOut && of.kind !== "direct" ? readersOf(of, entry.n, entry.from).length : 0;
    if (readers > 0) {
      const ask = () => client.ask({ kind: "readers", chat, seq: own });
      items.push({ icon: "read", text: text("thread.seenBy", { n: readers }), onPress: ask });
    }
    const isStarred = store.stars[chat]?.[own] !== undefined;
    items.push({
      icon: "star",
      text: text(isStarred ? "thread.unstar" : "thread.star"),
      onPress: () => client.star(chat, own, !isStarred),
    });
    const known = store.chats[chat];
    if (known !== undefined && may(known, "pin")) {
      const isPinned = known.pins.includes(own);
      const pin = () => client.pin(chat, own, !isPinned);
      items.push({ icon: "pin", text: text(isPinned ? "pins.unpin" : "pins.pin"), onPress: pin });
    }
    items.push({ icon: "forward", text: text("thread.forward"), onPress: () => client.ask({ kind: "forward", chat, entries: [entry] }) });
    const selection = { chat, seqs: [own], anchor: own };
    items.push({ icon: "select", text: text("select.one"), onPress: () => select(selection) });
    if (isDeletable(row, may(of, "delete"))) {
      const remove = () => client.ask({ kind: "delete", chat, seqs: [own] });
      items.push({ icon: "trash", text: text("button.delete"), isDanger: true, onPress: remove });
    }
  }
  if (row.kind === "pending" && row.item.state === "failed") {
    const { cmid } = row.item;
    items.push({ icon: "retry", text: text("button.retry"), onPress: () => client.retry(cmid) });
    items.push({ icon: "trash", text: text("button.delete"), isDanger: true, onPress: () => client.discard(cmid) });
  }
  if (items.length === 0) return null;
  const said = chat !== null && row.kind === "message" && row.entry.kind === "text" ? row.entry : null;
  const strip = (close: () => void) =>
    said !== null && chat !== null && (
      <QuickReactions
        mine={said.reactions?.mine}
        onReact={(emoji) => {
          close();
          client.react(chat, own, emoji);
        }}
      />
    );
  return <MenuPanel label={text("thread.messageMenu")} items={items} anchor={anchor} above={strip} onClose={onClose} />;
}

function wordsOf(row: Row): string | null {
  if (row.kind === "pending") return row.item.text;
  return row.kind === "message" && row.entry.kind === "text" ? row.entry.text : null;
}
