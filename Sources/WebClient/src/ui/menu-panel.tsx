import { useEffect, useLayoutEffect, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { createPortal } from "react-dom";
import { classes } from "./classes";
import { Icon } from "./icon";
import type { IconName } from "./icon";
import { placeBeside } from "./place";
import type { Anchor } from "./place";
import "./menu-panel.css";

export interface MenuItem {
  readonly icon: IconName;
  readonly text: string;
  readonly isDanger?: boolean;
  readonly onPress: () => void;
}

interface MenuPanelProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** The point or the box on the screen that it opens at. */
  readonly anchor: Anchor;
  /** What stands above the items; what of it has a role of an item is walked, too. */
  readonly above?: (close: () => void) => ReactNode;
  /** It was closed; the focus goes back to where it was before. */
  readonly onClose: () => void;
}

/** A list of commands over the page. Arrow keys walk it, Escape, Tab and a press outside close it. */
export function MenuPanel({ label, items, anchor, above, onClose }: MenuPanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  const opener = useRef<Element | null>(null);
  const latest = useRef(onClose);
  latest.current = onClose;

  // Where it fits is known when it has a size; the styles read it from custom properties.
  useLayoutEffect(() => {
    const element = panel.current;
    if (element === null) return;
    const size = { width: element.offsetWidth, height: element.offsetHeight };
    const isRtl = getComputedStyle(element).direction === "rtl";
    const place = placeBeside(anchor, size, { width: innerWidth, height: innerHeight }, isRtl);
    element.style.setProperty("--x", `${place.x}px`);
    element.style.setProperty("--y", `${place.y}px`);
    element.style.setProperty("--origin", place.origin);
  }, [anchor]);

  // While open it has the focus, and a press elsewhere or a page that changes its size ends it.
  useEffect(() => {
    opener.current = document.activeElement;
    panel.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus({ preventScroll: true });
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && panel.current?.contains(event.target) === true) return;
      latest.current();
    };
    const close = () => latest.current();
    document.addEventListener("pointerdown", onPointerDown);
    addEventListener("resize", close);
    return () => {
      document.removeEventListener("pointerdown", onPointerDown);
      removeEventListener("resize", close);
    };
  }, []);

  function close() {
    onClose();
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  }

  function onKeyDown(event: KeyboardEvent) {
    // What is under the menu hears none of its keys.
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
      return;
    }
    const all = [...(panel.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = all.findIndex((item) => item === document.activeElement);
    const next = nextItem(event.key, at, all.length);
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  }

  return createPortal(
    <div
      ref={panel}
      className="menu-panel"
      role="menu"
      aria-label={label}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {above?.(close)}
      {items.map((item) => (
        <button
          key={item.text}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={classes("menu-panel__item", item.isDanger === true && "menu-panel__item--danger")}
          onClick={(event) => {
            event.stopPropagation();
            close();
            item.onPress();
          }}
        >
          <Icon name={item.icon} />
          {item.text}
        </button>
      ))}
    </div>,
    document.body,
  );
}

/** The item that a key goes to, by its place; null for a key that walks nowhere. */
function nextItem(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowUp":
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
