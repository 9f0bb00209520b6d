/**
 * One's own turn: typing that is seen, commands that are typed, and an end that waits for one's words.
 *
 * `createTurn({send, notify, roomOf, outbox, storage, now, holdsWords, hasDrafts})`: `wrote()` is called at each change of the
 * field, `typed(text)` returns true when text alone was a command, `end(command)` gives the floor on after what is still on its
 * way, `settle()` is called at each drawing. `holdsWords()` is whether the field holds words, which the server is told while one
 * shares, but never the words; `hasDrafts()` is whether any field does that one may send from, which counts at the very end.
 */
import { conventionOf, holds, isClosing, placeOf } from "./floor.js";
import { isPost } from "./outbox.js";

const TYPING_EVERY_MS = 8000;
const CHANGED_EVERY_MS = 1500;
const HINTS = {
  raise_hand: "That raised your hand, as the button does. The button below lowers it again.",
  done: "That gave the floor on, as the button Done does.",
  pass_floor: "That gave the floor on, as the button Pass does.",
};

export function createTurn({ send, notify, roomOf, outbox, storage, now, holdsWords, hasDrafts }) {
  let typingAt = 0;
  let ending = "";
  let knownBefore = "";

  function isSending() {
    return outbox.items().some((item) => isPost(item) && item.state !== "refused");
  }

  function sayTyping(holds_words, everyMs) {
    if (now() - typingAt < everyMs) return;
    typingAt = now();
    send({ do: "typing", holds_words }, () => {});
  }

  /** What is on its way empties the field by itself. */
  function correct(isNews) {
    if (!isSending()) sayTyping(holdsWords(), isNews ? 0 : CHANGED_EVERY_MS);
  }

  /** The server knows what the field holds: after a reload, a lost connection or another page as well. */
  function report() {
    const room = roomOf();
    const known = `${holdsWords()} ${room.me.holds_words}`;
    const isNews = known !== knownBefore;
    knownBefore = known;
    if (!holds(room)) {
      if (hasDrafts() && isClosing(room, now())) sayTyping(true, TYPING_EVERY_MS);
    } else if (holdsWords() !== room.me.holds_words) correct(isNews);
    else if (holdsWords() && isClosing(room, now())) sayTyping(true, TYPING_EVERY_MS);
  }

  function settle() {
    report();
    if (!ending || outbox.items().some((item) => isPost(item) && item.state === "sending")) return;
    if (holds(roomOf())) send({ do: ending });
    ending = "";
  }

  function end(command) {
    ending = command;
    settle();
  }

  function hint(command) {
    const known = storage.get("hinted", []);
    if (known.includes(command)) return;
    storage.set("hinted", [...known, command]);
    notify(HINTS[command]);
  }

  function raise() {
    if (placeOf(roomOf()) >= 0) notify("Your hand is up already.");
    else send({ do: "raise_hand", reason: "", words: "" });
  }

  return {
    end,
    settle,
    wrote() {
      const room = roomOf();
      if (!holds(room)) return;
      report();
      sayTyping(holdsWords(), room.me.asked ? CHANGED_EVERY_MS : TYPING_EVERY_MS);
    },
    typed(text) {
      const command = conventionOf(text, roomOf());
      if (!command) return false;
      hint(command);
      if (command === "raise_hand") raise();
      else end(command);
      return true;
    },
  };
}
