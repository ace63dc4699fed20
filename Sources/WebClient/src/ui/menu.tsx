import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { classes } from "./classes";
import { Icon } from "./icon";
import type { IconName } from "./icon";
import { IconButton } from "./icon-button";
import "./menu.css";

export interface MenuItem {
  readonly icon: IconName;
  readonly text: string;
  readonly isDanger?: boolean;
  readonly onPress: () => void;
}

interface MenuProps {
  readonly icon: IconName;
  readonly label: string;
  readonly side: "left" | "right";
  readonly items: readonly MenuItem[];
}

/** A button that opens a list of commands. Arrow keys walk it, Escape and a press outside close it. */
export function Menu({ icon, label, side, items }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  // While open: the focus goes to the first command, and a press elsewhere is the document's to tell.
  useEffect(() => {
    if (!isOpen) return;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const close = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === true) return;
      setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [isOpen]);

  function onKeyDown(event: KeyboardEvent) {
    if (!isOpen) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
      root.current?.querySelector<HTMLElement>("button")?.focus();
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const all = [...(root.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.findIndex((item) => item === document.activeElement);
    all[(at + step + all.length) % all.length]?.focus();
  }

  return (
    <div className="menu" ref={root} onKeyDown={onKeyDown}>
      <IconButton icon={icon} label={label} onPress={() => setOpen(!isOpen)} />
      {isOpen && (
        <div className={`menu__list menu__list--${side}`} role="menu" aria-label={label}>
          {items.map((item) => (
            <button
              key={item.text}
              type="button"
              role="menuitem"
              className={classes("menu__item", item.isDanger === true && "menu__item--danger")}
              onClick={() => {
                setOpen(false);
                item.onPress();
              }}
            >
              <Icon name={item.icon} />
              {item.text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
