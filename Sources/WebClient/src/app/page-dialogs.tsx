import type { ChatId } from "../protocol/ids";
import { useClient, useSnapshot } from "../session/context";
import { text } from "../text/text";
import { Dialog } from "../ui/dialog";
import { Later } from "../ui/later";
import { extras } from "./chunks";

/** The dialogs that are opened by the page itself. */
export type PageDialog = "newChat" | "palette" | "keys" | "starred";

interface PageDialogsProps {
  readonly shown: PageDialog | null;
  readonly onClose: () => void;
  readonly onOpen: (chat: ChatId) => void;
  /** Opens a chat at a message. */
  readonly onShow: (chat: ChatId, seq: number) => void;
}

/** The dialog that was opened from the list, by a key, or from the menu of a message. */
export function PageDialogs({ shown, onClose, onOpen, onShow }: PageDialogsProps) {
  const client = useClient();
  const { asked } = useSnapshot();
  const endAsking = () => client.ask(null);

  if (shown === null && asked === null) return null;
  return (
    <Later from={extras}>
      {({ DeleteMessages, ForwardMessage, KeyList, NewChat, Palette, SeenBy, Starred }) => {
        if (asked?.kind === "forward") return <ForwardMessage {...asked} onClose={endAsking} />;
        if (asked?.kind === "delete") return <DeleteMessages {...asked} onClose={endAsking} />;
        if (asked?.kind === "readers") return <SeenBy {...asked} onClose={endAsking} />;
        switch (shown) {
          case null:
            return null;
          case "newChat":
            return <NewChat onClose={onClose} onCreated={onOpen} />;
          case "starred":
            return <Starred onClose={onClose} onShow={onShow} />;
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
