/**
 * Shift pressed three times within two seconds, each time alone: on purpose, and not to write, mark, scroll or change a keyboard.
 *
 * `HEARD` are the names of the events to give to `take(event)`. `createLoneShift({onPress, onStop, onLeave})`: `onPress(count)`
 * hears a press that counts and how many do now, `onStop(count)` that something else came after so many, `onLeave()` of the third.
 * A press is alone when from its keydown to its keyup nothing else is heard, no other key is held, and no button or finger is
 * down. `windowEnds(at)` says in how many milliseconds the first press is too old, at the time `at` of the events' clock, and
 * `forget(at)` how many are left then. A pointer that only moves is no sign: people hold a mouse while they press.
 */
export const PRESSES = 3;
export const WINDOW_MS = 2000;
export const HEARD = ["keydown", "keyup", "wheel", "touchmove", "dragstart", "contextmenu"]
  .concat(["pointerdown", "pointerup", "pointercancel", "pointermove"])
  .concat(["beforeinput", "input", "compositionstart", "compositionupdate", "compositionend"])
  .concat(["selectionchange", "focusin", "blur"]);

const HOLDS = new Set(["keydown", "pointerdown", "pointermove"]);
const FREES = new Set(["keyup", "pointerup", "pointercancel"]);

/** Whether this is Shift and no other key of the keyboard takes part. */
function isLoneShift(event) {
  const isOther = event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.getModifierState("AltGraph");
  return event.key === "Shift" && !isOther;
}

export function createLoneShift({ onPress, onStop, onLeave }) {
  /** Keys and pointers that are down, with the time of the last sign of it: the end of one may never be told. */
  const held = new Map();
  let presses = [];
  let down = null;

  function forget(at) {
    presses = presses.filter((press) => at - press <= WINDOW_MS);
    return presses.length;
  }

  function disturb() {
    const { length } = presses;
    down = null;
    presses = [];
    if (length) onStop(length);
  }

  function isAnythingHeld(at) {
    return Array.from(held.values()).some((seen) => at - seen <= WINDOW_MS);
  }

  function shiftDown(event) {
    if (event.repeat) return;
    const isOther = down && down.code !== event.code;
    if (isOther || !isLoneShift(event) || isAnythingHeld(event.timeStamp)) disturb();
    else down = { code: event.code, at: event.timeStamp };
  }

  function shiftUp(event) {
    const isPress = down && down.code === event.code && isLoneShift(event);
    if (!isPress) {
      disturb();
      return;
    }
    presses.push(down.at);
    down = null;
    forget(event.timeStamp);
    if (presses.length >= PRESSES) onLeave();
    else if (presses.length) onPress(presses.length);
  }

  function hold(event) {
    const what = event.type.startsWith("key") ? event.code : event.pointerId;
    if (HOLDS.has(event.type)) held.set(what, event.timeStamp);
    if (FREES.has(event.type)) held.delete(what);
  }

  return {
    take(event) {
      if (event.type === "pointermove" && !event.buttons) return;
      if (event.key === "Shift") (event.type === "keydown" ? shiftDown : shiftUp)(event);
      else {
        hold(event);
        disturb();
      }
    },
    windowEnds: (at) => presses[0] + WINDOW_MS - at + 1,
    forget,
  };
}
