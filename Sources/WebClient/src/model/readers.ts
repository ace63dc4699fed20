// Who has read a message.

import type { AccountId } from "../protocol/ids";
import { isAccountId } from "../protocol/ids";
import type { Chat } from "./chat";

/**
 * Who besides `author` has read up to the message `n`, as the chat's marks say: in a group, of the 1,000 members at
 * most whose marks moved last. The order lasts. O(marks log marks).
 */
export function readersOf({ marks }: Pick<Chat, "marks">, n: number, author: AccountId | null): readonly AccountId[] {
  return Object.keys(marks)
    .filter(isAccountId)
    .filter((account) => account !== author && (marks[account] ?? 0) >= n)
    .sort();
}
