import { addressOf, stateOf } from "../../model/invite-links";
import { fullTime } from "../../model/time";
import { nameOf } from "../../model/words";
import type { ChatId } from "../../protocol/ids";
import type { InviteLink } from "../../protocol/link-types";
import { useSnapshot } from "../../session/context";
import { classes } from "../../ui/classes";
import { copyText } from "../../ui/clipboard";
import { IconButton } from "../../ui/icon-button";
import { toast } from "../../ui/toast";
import { text } from "../../text/text";
import "./link-row.css";

interface LinkRowProps {
  readonly chat: ChatId;
  readonly link: InviteLink;
  readonly onRevoke: () => void;
}

const whyClosed = { expired: "links.expired", usedUp: "links.usedUp", held: "links.held" } as const;

/** One invite link: what it is called, who made it, how much of it is left, and what is done with it. */
export function LinkRow({ chat, link, onRevoke }: LinkRowProps) {
  const { store } = useSnapshot();
  const state = stateOf(link, Date.now());
  const name = link.name === "" ? text("links.nameless") : link.name;

  async function copy() {
    const address = addressOf({ chat, secret: link.secret }, location.origin + location.pathname);
    toast(text((await copyText(address)) ? "thread.copied" : "thread.notCopied"));
  }

  return (
    <li className={classes("link-row", state !== "open" && "link-row--over")} data-testid="invite-link">
      <div className="link-row__words">
        <span className="link-row__name" dir="auto">
          {name}
        </span>
        <span className="link-row__line">{usesOf(link)}</span>
        <span className="link-row__line">{state === "open" ? openWords(link) : text(whyClosed[state])}</span>
        <span className="link-row__line" dir="auto">
          {text("links.by", { who: nameOf(store.people, link.maker) })}
        </span>
      </div>
      {state === "open" && <IconButton icon="copy" label={text("links.copy", { name })} onPress={() => void copy()} />}
      <IconButton icon="trash" label={text("links.revoke", { name })} onPress={onRevoke} />
    </li>
  );
}

function openWords({ expires }: InviteLink): string {
  return expires === undefined ? text("links.open") : text("links.until", { time: fullTime(expires) });
}

function usesOf({ used, uses }: InviteLink): string {
  return uses === undefined ? text("links.used", { n: used }) : text("links.usedOf", { n: used, all: uses });
}
