import type { AccountId } from "../../protocol/ids";
import { usePresence } from "../../session/use-board";
import { text } from "../../text/text";
import { Dot } from "../../ui/dot";

interface OnlineDotProps {
  readonly account: AccountId | null;
  /** Whether the row is the chosen one. */
  readonly isActive: boolean;
}

/** Says at an avatar that its person is there. */
export function OnlineDot({ account, isActive }: OnlineDotProps) {
  const presence = usePresence(account);
  if (presence?.is !== "online") return null;
  return <Dot label={text("seen.online")} isChosen={isActive} />;
}
