/**
 * One's own words that a moderator looks at before they are said: what one can do with them, and what was decided.
 *
 * `createOwnWords({send, notify, storage, composer, redraw})`: `items(room)` are those to show below what was said,
 * `choicesFor(item)` what one can do with one, as `[label, run]`; `draw(room)` says what was decided.
 */
import { copy } from "./copy.js";
import { byId } from "./dom.js";
import { createHeld } from "./held.js";

export function createOwnWords({ send, notify, storage, composer, redraw }) {
  const held = createHeld(storage);

  function takeUp(item) {
    held.putAway(item.origin_id);
    composer.restore(item);
    redraw();
  }

  function withdraw(item) {
    send({ do: "retract", message: item.held }, (frame) => (frame.is === "refused" ? notify(frame.sentence) : takeUp(item)));
  }

  async function copyWords({ text }) {
    notify((await copy(text, byId("words"))) ? "Copied." : "Copying did not work here. Mark the words and copy them by hand.");
  }

  function putAway({ origin_id: id }) {
    held.putAway(id);
    redraw();
  }

  const choices = {
    waiting: (item) => [["Take back", () => withdraw(item)]],
    rejected: (item) => [
      ["Change it", () => takeUp(item)],
      ["Copy", () => copyWords(item)],
      ["Put away", () => putAway(item)],
    ],
  };

  return {
    items: held.items,
    choicesFor: (item) => choices[item.state](item),
    draw: (room) => held.newsOf(room).forEach((sentence) => notify(sentence)),
  };
}
