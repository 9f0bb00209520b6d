/**
 * What those who lead do with the meeting's time: more of it, the invitation, the end.
 *
 * `createTimeAndEnd(parts, {send, link})`: the function it returns draws a room. `link()` is the invitation. On a phone a sheet
 * lies over the banner: what is wrong is said beside the buttons.
 */
import { copyButton } from "./copy.js";
import { button, make, say } from "./dom.js";
import { leads } from "./floor.js";
import { confirm } from "./meeting.js";

const EXTENSIONS_MINUTES = [5, 10, 15];
const END = {
  title: "End the meeting for everyone?",
  text: "It ends now, everything that was said is erased, and this cannot be undone.",
  yes: "End the meeting",
  no: "Not yet",
};

export function createTimeAndEnd(parts, { send, link }) {
  const error = make("p", { class: "error", role: "alert", hidden: true });

  function extend(minutes) {
    send({ do: "extend", minutes }, (frame) => say(error, frame.is === "refused" ? frame.sentence : ""));
  }

  parts.extend.after(error);
  parts.extend.append(...EXTENSIONS_MINUTES.map((minutes) => button(`+${minutes}`, () => extend(minutes))));
  parts.end.addEventListener("click", () => confirm(END, () => send({ do: "end" })));
  copyButton(parts.copy, link);

  return (room) => {
    parts.chair.hidden = !leads(room);
    parts.end.hidden = room.me.role !== "host";
  };
}
