import { useRef, useState } from "react";
import { IconButton } from "./icon-button";
import type { IconName } from "./icon";
import { MenuPanel } from "./menu-panel";
import type { MenuItem } from "./menu-panel";
import type { Anchor } from "./place";
import "./menu.css";

interface MenuProps {
  readonly icon: IconName;
  readonly label: string;
  readonly side: "start" | "end";
  readonly items: readonly MenuItem[];
}

/** A button that opens a list of commands under it. */
export function Menu({ icon, label, side, items }: MenuProps) {
  const [anchor, setAnchor] = useState<Anchor | null>(null);
  const root = useRef<HTMLSpanElement>(null);
  // The press that closes an open menu lands on its button, too, and must not open it again.
  const wasOpen = useRef(false);

  function toggle() {
    const box = root.current?.getBoundingClientRect();
    if (anchor !== null || wasOpen.current || box === undefined) {
      setAnchor(null);
      return;
    }
    setAnchor({ x: box.left, y: box.top, width: box.width, height: box.height, side });
  }

  return (
    <span className="menu" ref={root} onPointerDownCapture={() => (wasOpen.current = anchor !== null)} onKeyDownCapture={() => (wasOpen.current = false)}>
      <IconButton icon={icon} label={label} hasMenu isMenuOpen={anchor !== null} onPress={toggle} />
      {anchor !== null && (
        <MenuPanel label={label} items={items} anchor={anchor} onClose={() => setAnchor(null)} />
      )}
    </span>
  );
}
