/**
 * Sheets that stay true while the room goes on.
 *
 * `createFollowing({roomOf, redraw, focusBack})`: `open(label, {stateOf, draw, update})` opens a sheet, draws it anew when
 * `stateOf(room)` is another, and calls `update(room)` at each change. `draw(room)` gives its nodes. `follow()` is called when
 * the room has changed. `focusBack()` finds a place for the focus when the one before is gone.
 */
import { make } from "./dom.js";
import { openSheet } from "./sheet.js";

export function createFollowing({ roomOf, redraw, focusBack }) {
  const shown = new Set();

  function drawOne(one) {
    const room = roomOf();
    const state = JSON.stringify(one.view.stateOf(room));
    if (state !== one.state) {
      const hadFocus = one.element.contains(document.activeElement);
      one.state = state;
      one.element.replaceChildren(...one.view.draw(room));
      if (hadFocus) one.element.focus({ preventScroll: true });
    }
    one.view.update(room);
  }

  return {
    open(label, view) {
      const one = { view, state: "", element: make("div", { class: "stack", tabindex: -1 }) };
      const onClose = () => {
        shown.delete(one);
        focusBack();
      };
      openSheet(one.element, { label, onClose });
      shown.add(one);
      drawOne(one);
      redraw();
    },
    follow: () => shown.forEach(drawOne),
  };
}
