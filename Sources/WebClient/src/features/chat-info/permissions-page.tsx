import { useEffect, useRef, useState } from "react";
import { permissions } from "../../protocol/frames";
import type { Permission } from "../../protocol/frames";
import type { Chat } from "../../model/chat";
import { useClient } from "../../session/context";
import { SwitchRow } from "../../ui/switch-row";
import { text } from "../../text/text";

interface PermissionsPageProps {
  readonly chat: Chat;
}

const labels = {
  send: "permission.send",
  media: "permission.media",
  invite: "permission.invite",
  pin: "permission.pin",
  info: "permission.info",
  delete: "permission.delete",
} as const;

/** The switches of a chat: what its plain members may. */
export function PermissionsPage({ chat }: PermissionsPageProps) {
  const client = useClient();
  const [wanted, setWanted] = useState<readonly Permission[] | null>(null);
  const last = useRef(Promise.resolve());
  const shown = wanted ?? chat.permissions;
  const isReached = wanted !== null && permissions.every((one) => wanted.includes(one) === chat.permissions.includes(one));

  // What was wanted is shown until the log says it; then what the log says.
  useEffect(() => {
    if (isReached) setWanted(null);
  }, [isReached]);

  // One after the other, each with all that was turned before it.
  function turn(permission: Permission, isOn: boolean) {
    const rest = shown.filter((one) => one !== permission);
    const next = isOn ? [...rest, permission] : rest;
    setWanted(next);
    last.current = last.current
      .then(() => client.api.setPermissions(chat.id, next))
      .catch((error: unknown) => {
        setWanted(null);
        client.complain(error);
      });
  }

  return (
    <>
      <p className="chat-info__note">{text("info.permissionsNote")}</p>
      <div className="chat-info__actions">
        {permissions.map((permission) => (
          <SwitchRow
            key={permission}
            label={text(labels[permission])}
            isOn={shown.includes(permission)}
            onChange={(isOn) => turn(permission, isOn)}
          />
        ))}
      </div>
    </>
  );
}
