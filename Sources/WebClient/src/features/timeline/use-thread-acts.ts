// The same acts at every render, so that rows that are as they were are not drawn again.

import { useMemo, useRef } from "react";
import type { ChatId } from "../../protocol/ids";
import { saveReply } from "../../session/drafts";
import { startEdit } from "../../session/editing";
import { focusComposer } from "../../ui/focus-composer";
import type { ThreadActs } from "./thread-acts";

export function useThreadActs(chat: ChatId, jump: ThreadActs["jump"]): ThreadActs {
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
    }),
    [chat],
  );
}
