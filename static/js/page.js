/**
 * Which part of the page is seen: the door, the room, or a page that says what happened and what to do next.
 *
 * `ENDINGS` holds the texts of those pages; `forget` says that nothing of the meeting stays in the browser,
 * `copies` that what was not sent can be copied.
 * `endingOf(closing, wasIn, isPast)` finds the page for the server's last words: a room one was in, and that is no more, has
 * ended when its time is past, and is lost before.
 *
 * `createPage(announce)`: `show(view)`, for the door without the sheets of the room; `wait(title, text, tryNow)` while there is
 * no connection yet; `wipe()` takes the door and the room from the page; `end(name, detail, appeal, onHome)` does too and tells
 * the ending, with how to reach the room's people. After `end` nothing else is shown: its button loads the page anew. With
 * `onHome()`, called before one goes there, the first page holds the words that were typed.
 */
import { isolate } from "./direction.js";
import { byId, say, setText } from "./dom.js";
import { closeSheets } from "./sheet.js";

export const ENDINGS = {
  ended: {
    title: "The meeting has ended",
    text: "Nothing of it is kept, here or on the server. Thank you for being there. Take your time before you go on.",
    forget: true,
    copies: true,
  },
  left: {
    title: "You have left the meeting",
    text: "This page keeps nothing of it. The history of your browser may still show the link: delete it there if others use this " +
      "device. While the meeting lasts, you can come back with the link you were given.",
    forget: true,
  },
  no_such_room: {
    title: "There is no meeting here",
    text: "The link may be wrong, or the meeting is over. Please check it with the person who gave it to you.",
    forget: true,
  },
  lost: {
    title: "This meeting is not here any more",
    text:
      "It ended while you were away, or the server was interrupted and could not keep it. Nothing of it is left. " +
      "If it was to go on, ask the person who invited you for a new link.",
    forget: true,
    copies: true,
  },
  removed: {
    title: "You have been removed from this meeting",
    text:
      "If this was a mistake, ask the host, through the person who invited you. When a moderator has let you come back, press " +
      "the button: your seat is kept.",
    again: "Try again",
  },
  taken_over: {
    title: "You are in this meeting somewhere else",
    text: "You opened it in another tab or on another screen, so this one has stopped. You can close it.",
    again: "Use this one instead",
  },
  stopped: {
    title: "The connection has stopped",
    text: "The server did not understand this page. That can happen when the server was renewed. Your words are kept.",
    again: "Try again",
  },
};

const BY_CODE = { 4500: "no_such_room", 4501: "ended", 4502: "removed", 4503: "taken_over", 4504: "left" };

export function endingOf({ code }, wasIn, isPast) {
  const name = BY_CODE[code] || "stopped";
  if (name !== "no_such_room" || !wasIn) return name;
  return isPast ? "ended" : "lost";
}

const VIEWS = ["door", "room", "ending"];

function parts(view) {
  return document.querySelectorAll(`[data-view="${view}"]`);
}

export function createPage(announce) {
  let over = false;
  let tryAgain = null;

  function show(view) {
    if (over) return;
    if (view === "door") closeSheets();
    for (const name of VIEWS) parts(name).forEach((node) => (node.hidden = name !== view));
    document.body.className = view === "room" ? "room" : "page";
  }

  function tell({ title, text, detail, appeal, again, home }) {
    setText(byId("ending-title"), title);
    say(byId("ending-text"), text);
    say(byId("ending-detail"), detail);
    say(byId("ending-appeal"), appeal && `How to reach the people of this meeting: ${isolate(appeal)}`);
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
    end(name, detail, appeal, onHome) {
      const ending = ENDINGS[name];
      const lostFocus = wipe();
      const [text, more] = ending.again && detail ? [detail, ending.text] : [ending.text, detail];
      tryAgain = () => location.reload();
      tell({ title: ending.title, text, detail: more, appeal, again: ending.again || "", home: Boolean(ending.forget) });
      if (onHome) {
        setText(byId("first-page"), "Look at the words again");
        byId("first-page").addEventListener("click", onHome);
      }
      over = true;
      announce(ending.title, true);
      if (lostFocus) byId("ending-title").focus({ preventScroll: true });
    },
  };
}
