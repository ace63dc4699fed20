import { useEffect, useState } from "react";
import type { Chat } from "../../model/chat";
import type { AccountId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { presenceWords } from "../../session/presence-words";
import { useBoard, usePresences, useTypists } from "../../session/use-board";
import { classes } from "../../ui/classes";
import { text } from "../../text/text";
import { TypingLine } from "./typing-line";
import "./chat-status.css";

interface ChatStatusProps {
  readonly chat: Chat;
  /** What is said where nothing is known. */
  readonly otherwise: string;
}

/** Of larger groups nobody is counted: that would be news without end. */
const countedMax = 200;
/** How often the words follow the clock. */
const clockPause = 20_000;

/** Below the name of the open chat: who types, else whether the other is there, or how many are. */
export function ChatStatus({ chat, otherwise }: ChatStatusProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const board = useBoard();
  const typists = useTypists(chat.id);
  const [members, setMembers] = useState<readonly AccountId[]>([]);
  const [now, setNow] = useState(Date.now);
  const isCounted = chat.kind !== "direct" && chat.creator !== null && chat.members <= countedMax;
  const peer = chat.peer !== null && chat.peer !== me?.id ? chat.peer : null;
  const others = peer === null ? members.filter((account) => account !== me?.id) : [peer];
  const presences = usePresences(others);

  // The list of members lives at the cluster; it is asked again whenever their number changes.
  useEffect(() => {
    let isCurrent = true;
    if (!isCounted) return setMembers([]);
    client.api.chat(chat.id).then(
      ({ memberList }) => isCurrent && setMembers(memberList.map((member) => member.account)),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [client, chat.id, chat.members, isCounted]);

  // The page's only composer is that of the open chat.
  useEffect(() => {
    function onInput({ target }: Event) {
      if (!(target instanceof HTMLTextAreaElement) || !("composer" in target.dataset)) return;
      if (target.value === "") board.stop();
      else board.type(chat.id);
    }
    document.addEventListener("input", onInput);
    return () => document.removeEventListener("input", onInput);
  }, [board, chat.id]);

  // What was a minute ago is soon two.
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), clockPause);
    return () => clearInterval(timer);
  }, []);

  if (typists.length > 0) {
    return (
      <span className="chat-status chat-status--bright">
        <TypingLine typists={typists} people={store.people} isAlone={chat.kind === "direct"} />
      </span>
    );
  }
  const presence = peer === null ? undefined : presences[peer];
  const count = others.filter((account) => presences[account]?.is === "online").length;
  const words =
    presence !== undefined
      ? presenceWords(presence, Math.max(now, Date.now()))
      : peer === null && count > 0
        ? text("seen.among", { members: otherwise, n: count + 1 })
        : otherwise;
  return (
    <span className={classes("chat-status", presence?.is === "online" && "chat-status--bright")} data-testid="chat-status">
      {words}
    </span>
  );
}
