/**
 * One's own turn: typing that is seen, commands that are typed, and an end that waits for one's words.
 *
 * `createTurn({send, notify, roomOf, outbox, storage, now})`: `wrote()` is called at each change of the field, `typed(text)`
 * returns true when text alone was a command, `end(command)` gives the floor on after what is still on its way, `settle()` is
 * called at each drawing.
 */
import { conventionOf, holds, placeOf } from "./floor.js";
import { isPost } from "./outbox.js";

const TYPING_EVERY_MS = 8000;
const HINTS = {
  raise_hand: "That raised your hand, as the button does. The button below lowers it again.",
  done: "That gave the floor on, as the button Done does.",
  pass_floor: "That gave the floor on, as the button Pass does.",
};

export function createTurn({ send, notify, roomOf, outbox, storage, now }) {
  let typingAt = 0;
  let ending = "";

  function settle() {
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
      if (!holds(roomOf()) || now() - typingAt < TYPING_EVERY_MS) return;
      typingAt = now();
      send({ do: "typing" }, () => {});
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
