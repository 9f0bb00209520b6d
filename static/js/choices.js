/** Reactions and reasons, as buttons, chips and choices. */
import { freshId, make } from "./dom.js";

const REASON_CODE_POINTS = 200;

const REACTIONS = [
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

export function radio(name, value, label, checked) {
  return make("label", {}, make("input", { type: "radio", name, value, checked }), label);
}

/**
 * A choice of reasons that are ready to use, or one's own words: `{element, value()}`. The first reason is chosen; `value()`
 * is the reason, never empty.
 */
export function reasonChoice(legend, reasons) {
  const name = freshId("reason");
  const own = make("input", { type: "text", maxlength: REASON_CODE_POINTS, "aria-label": "In my own words", hidden: true });
  const choices = reasons.map((reason, index) => radio(name, reason, reason, index === 0));
  const element = make(
    "fieldset",
    { class: "stack", change: show },
    make("legend", {}, legend),
    make("div", { class: "choices" }, ...choices, radio(name, "", "In my own words", false)),
    own,
  );

  function chosen() {
    return element.querySelector("input:checked").value;
  }

  function show(event) {
    own.hidden = chosen() !== "";
    if (event.target.type === "radio" && !own.hidden) own.focus();
  }

  return { element, value: () => chosen() || own.value.trim() || reasons[0] };
}
