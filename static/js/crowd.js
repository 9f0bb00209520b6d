/**
 * Who is here in a crowded room: the number is always told, the whole list comes when someone asks for it.
 *
 * `createCrowd({part, number, button, state}, {send, announce, now, redraw})`: `draw(room)` draws the number, the button and
 * how the asking goes; `ask()` asks for the list, page by page; `listed()` are the people of the last whole list. A list that
 * does not come whole leaves the one before.
 */
import { timeOf } from "./clock.js";
import { say } from "./dom.js";
import { NOBODY } from "./people.js";
import { isCrowded } from "./room.js";

export function createCrowd({ part, number, button, state }, { send, announce, now, redraw }) {
  let listed = NOBODY;
  let askedAt = 0;
  let isAsking = false;
  let trouble = "";

  function stateOf(room) {
    if (isAsking) return "The list is on its way.";
    if (trouble) return trouble;
    if (listed !== NOBODY) return `Everyone who was here at ${timeOf(askedAt, now())}.`;
    return Object.keys(room.people).length ? "Hosts and moderators are listed." : "";
  }

  function page(after, before) {
    send({ do: "people", after }, (frame) => {
      const people = { ...before, ...frame.people };
      if (frame.is === "refused") end(`The list did not come. ${frame.sentence}`);
      else if (frame.next) page(frame.next, people);
      else arrive(people);
    });
  }

  function arrive(people) {
    listed = people;
    askedAt = now();
    end("");
    announce(`The list is there: ${Object.keys(people).length} people.`);
  }

  function end(sentence) {
    isAsking = false;
    trouble = sentence;
    if (sentence) announce(sentence);
    redraw();
  }

  function ask() {
    if (isAsking) return;
    isAsking = true;
    trouble = "";
    page("", NOBODY);
    redraw();
  }

  button.addEventListener("click", ask);

  return {
    ask,
    listed: () => listed,
    draw(room) {
      part.hidden = !isCrowded(room);
      if (part.hidden) listed = NOBODY;
      say(number, `${room.crowd} people are here.`);
      say(state, stateOf(room));
      button.textContent = listed === NOBODY ? "Show everyone" : "Show who is here now";
      button.setAttribute("aria-disabled", String(isAsking));
    },
  };
}
