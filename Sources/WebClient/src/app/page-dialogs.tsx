import type { ChatId } from "../protocol/ids";
import { text } from "../text/text";
import { Dialog } from "../ui/dialog";
import { Later } from "../ui/later";
import { extras } from "./chunks";

/** The dialogs that belong to no chat. */
export type PageDialog = "newChat" | "palette" | "keys";

interface PageDialogsProps {
  readonly shown: PageDialog | null;
  readonly onClose: () => void;
  readonly onOpen: (chat: ChatId) => void;
}

/** The dialog that was opened from the list or by a key. */
export function PageDialogs({ shown, onClose, onOpen }: PageDialogsProps) {
  if (shown === null) return null;
  return (
    <Later from={extras}>
      {({ KeyList, NewChat, Palette }) => {
        switch (shown) {
          case "newChat":
            return <NewChat onClose={onClose} onCreated={onOpen} />;
          case "palette":
            return <Palette onClose={onClose} onOpen={onOpen} />;
          case "keys":
            return (
              <Dialog title={text("keys.title")} onClose={onClose}>
                <KeyList />
              </Dialog>
            );
        }
      }}
    </Later>
  );
}
