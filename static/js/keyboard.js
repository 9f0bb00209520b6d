/**
 * Keeps the room in the part of the screen that a keyboard leaves free: some phones lay the keyboard over the page.
 * The stylesheet reads `--seen`, the height that is seen, in pixels. A page that was zoomed in is left alone.
 */
export function followKeyboard() {
  const seen = window.visualViewport;
  if (!seen) return;
  seen.addEventListener("resize", () => {
    if (seen.scale > 1.01) return;
    document.documentElement.style.setProperty("--seen", `${seen.height}px`);
    if (document.body.classList.contains("room")) window.scrollTo(0, 0);
  });
}
