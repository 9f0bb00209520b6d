/**
 * Which part of the page is seen: the door, the room, or a page that says what happened.
 *
 * `createPage(announce)`: `show(view)`; `wait(title, text, tryNow)` while there is no connection yet; `wipe()` takes the door
 * and the room from the page; `end(name, detail)` does too and says what to do next. After `end` nothing else is shown: its
 * button loads the page anew.
 */
import { byId, say } from "./dom.js";
import { ENDINGS } from "./endings.js";

const VIEWS = ["door", "room", "ending"];

function parts(view) {
  return document.querySelectorAll(`[data-view="${view}"]`);
}

/** Closes the open sheets through their own Close buttons, the last first; Help stays. */
function closeSheets() {
  const heads = Array.from(document.querySelectorAll(".sheet-head")).reverse();
  heads.filter((head) => head.textContent.indexOf("Help") !== 0).forEach((head) => head.querySelector("button").click());
}

export function createPage(announce) {
  let over = false;
  let tryAgain = null;

  function show(view) {
    if (over) return;
    for (const name of VIEWS) parts(name).forEach((node) => (node.hidden = name !== view));
    document.body.className = view === "room" ? "room" : "page";
  }

  function tell({ title, text, detail, again, home }) {
    byId("ending-title").textContent = title;
    say(byId("ending-text"), text);
    say(byId("ending-detail"), detail);
    say(byId("again"), again);
    byId("first-page").hidden = !home;
    show("ending");
  }

  function wipe() {
    closeSheets();
    const focused = document.activeElement;
    for (const view of ["door", "room"]) parts(view).forEach((node) => node.remove());
    return !focused.isConnected || focused === document.body;
  }

  byId("again").addEventListener("click", () => tryAgain());

  return {
    show,
    wipe,
    wait(title, text, tryNow) {
      tryAgain = tryNow;
      tell({ title, text, detail: "", again: "Try now", home: false });
    },
    end(name, detail) {
      const ending = ENDINGS[name];
      const lostFocus = wipe();
      tryAgain = () => location.reload();
      tell({ title: ending.title, text: ending.text, detail, again: ending.again || "", home: Boolean(ending.forget) });
      over = true;
      announce(ending.title);
      if (lostFocus) byId("ending-title").focus({ preventScroll: true });
    },
  };
}
