import { useEffect } from "react";
import type { Chat } from "../../model/chat";
import { may } from "../../model/roles";
import { areDeletable, chosenOf, extended, selectedMax, toggled, transcript } from "../../model/selection";
import type { Selection } from "../../model/selection";
import { useClient, useSnapshot } from "../../session/context";
import { select } from "../../session/selecting";
import { text } from "../../text/text";
import { copyText } from "../../ui/clipboard";
import { IconButton } from "../../ui/icon-button";
import { toast } from "../../ui/toast";
import { usePicks } from "./use-picks";
import "./select-bar.css";

interface SelectBarProps {
  readonly chat: Chat;
  readonly selection: Selection;
}

/** How many messages are chosen and what can be done with them, in the place of the composer. */
export function SelectBar({ chat, selection }: SelectBarProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const chosen = chosenOf(selection, chat.entries);
  const stars = store.stars[chat.id];
  const unstarred = chosen.filter(({ seq }) => stars?.[seq] === undefined);
  const canDelete = areDeletable(chosen, me?.id ?? null, may(chat, "delete"));
  const isGone = chosen.length === 0;

  // The last of them was deleted by somebody; the selection is the whole page's.
  useEffect(() => {
    if (isGone) select(null);
  }, [isGone]);

  // The keys go on at the message from which the menu was opened; the focus is the document's.
  useEffect(() => {
    const row = document.querySelector<HTMLElement>(`[data-key="e${selection.anchor}"]`);
    if (document.activeElement === document.body) row?.focus({ preventScroll: true });
  }, []);

  function pick(seq: number, isRange: boolean) {
    const there = { ...selection, seqs: chosen.map((entry) => entry.seq) };
    const { selection: next, isFull } = isRange ? extended(there, chat.entries, seq) : toggled(there, seq);
    if (isFull) toast(text("select.full", { n: selectedMax }));
    select(next);
  }

  async function copy() {
    const isCopied = await copyText(transcript(chosen, store.people));
    toast(text(isCopied ? "thread.copied" : "thread.notCopied"));
    if (isCopied) select(null);
  }

  /** One after the other; the first that is refused says why, and the rest stay as they are. */
  async function star() {
    const isOn = unstarred.length > 0;
    select(null);
    try {
      for (const { seq } of isOn ? unstarred : chosen) await client.api.star({ chat: chat.id, seq }, isOn);
    } catch (error) {
      client.complain(error);
    }
  }

  function remove() {
    if (canDelete) client.ask({ kind: "delete", chat: chat.id, seqs: chosen.map(({ seq }) => seq) });
  }

  usePicks({ onPick: pick, onCopy: () => void copy(), onDelete: remove, onCancel: () => select(null) });
  return (
    <div className="select-bar" role="toolbar" aria-label={text("select.label")}>
      <div className="select-bar__box">
        <IconButton icon="close" label={text("select.cancel")} onPress={() => select(null)} />
        <span className="select-bar__count" role="status">
          {text("select.count", { n: chosen.length })}
        </span>
        <IconButton icon="copy" label={text("thread.copy")} onPress={() => void copy()} />
        <IconButton
          icon="star"
          label={text(unstarred.length > 0 ? "thread.star" : "thread.unstar")}
          onPress={() => void star()}
        />
        <IconButton
          icon="forward"
          label={text("thread.forward")}
          onPress={() => client.ask({ kind: "forward", chat: chat.id, entries: chosen })}
        />
        <span className="select-bar__delete">
          <IconButton
            icon="trash"
            label={text("button.delete")}
            hint={canDelete ? undefined : text("select.notYours")}
            isDisabled={!canDelete}
            onPress={remove}
          />
        </span>
      </div>
    </div>
  );
}
