// The height that is really there. Some browsers lay the keyboard of a phone over the page and only the
// visual viewport says so; the styles take the height from a custom property.

import { useEffect } from "react";

export function useViewport(): void {
  // Only the browser knows how much of the page the keyboard covers.
  useEffect(() => {
    const viewport = window.visualViewport;
    if (viewport === null) return;
    const root = document.documentElement;
    const place = () => {
      // A page that somebody pinched larger is no page with a keyboard.
      const isZoomed = viewport.scale > 1.01;
      if (isZoomed || Math.abs(viewport.height - innerHeight) < 1) root.style.removeProperty("--page-height");
      else root.style.setProperty("--page-height", `${viewport.height}px`);
      // The browser scrolls a field above the keyboard by moving the page, which has nothing below.
      if (!isZoomed && document.scrollingElement !== null) document.scrollingElement.scrollTop = 0;
    };
    place();
    viewport.addEventListener("resize", place);
    viewport.addEventListener("scroll", place);
    return () => {
      viewport.removeEventListener("resize", place);
      viewport.removeEventListener("scroll", place);
    };
  }, []);
}
