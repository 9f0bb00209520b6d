/** The reactions, as they are written on buttons and chips. */
import { make } from "./dom.js";

export const REACTIONS = [
  ["heart", "\u2764\ufe0e"],
  ["hug", "hug"],
  ["strength", "strength"],
  ["me_too", "me too"],
  ["thanks", "thank you"],
];

const SPOKEN = { heart: "heart" };

/** A chip with a count is beside the message, for touch and mouse; by keyboard the sheet of the message does the same. */
function chip(offset, reaction, label, count, isMine, send) {
  const spoken = SPOKEN[reaction] || label;
  return make(
    "button",
    {
      type: "button",
      tabindex: count ? -1 : 0,
      "aria-pressed": String(isMine),
      "aria-label": count ? `${spoken}, ${count}` : spoken,
      click: () => send({ do: "react", message: offset, reaction, on: !isMine }),
    },
    count ? `${label} ${count}` : label,
  );
}

/** Fills a row of chips with the reactions a message has. */
export function drawChips(row, { offset, reactions }, mine, send) {
  const counted = REACTIONS.filter(([reaction]) => reactions[reaction]);
  row.hidden = !counted.length;
  row.replaceChildren(
    ...counted.map(([reaction, label]) => chip(offset, reaction, label, reactions[reaction], mine.includes(reaction), send)),
  );
}

/** All reactions as buttons, for the sheet of one message. */
export function reactionButtons({ offset }, mine, send) {
  const chips = REACTIONS.map(([reaction, label]) => chip(offset, reaction, label, 0, mine.includes(reaction), send));
  return make("div", { class: "row reacts" }, ...chips);
}
