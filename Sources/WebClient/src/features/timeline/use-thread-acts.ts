// The same acts at every render, so that rows that are as they were are not drawn again.

import { useMemo, useRef } from "react";
import { quickReaction } from "../../model/reactions";
import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { saveReply } from "../../session/drafts";
import { startEdit } from "../../session/editing";
import { focusComposer } from "../../ui/focus-composer";
import type { ThreadActs } from "./thread-acts";

export function useThreadActs(chat: ChatId, jump: ThreadActs["jump"]): ThreadActs {
  const client = useClient();
  const latest = useRef(jump);
  latest.current = jump;
  return useMemo(
    () => ({
      chat,
      jump: (seq, from) => latest.current(seq, from),
      reply: (seq) => {
        saveReply(chat, seq);
        focusComposer();
      },
      edit: (seq) => {
        startEdit(chat, seq);
        focusComposer();
      },
      react: ({ seq, reactions }) => client.react(chat, seq, reactions?.mine === quickReaction ? null : quickReaction),
    }),
    [chat, client],
  );
}
