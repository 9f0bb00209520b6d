/** Reactions, as buttons and chips. */
import { make } from "./dom.js";

const REACTIONS = [
  ["heart", "\u2764\ufe0e"],
  ["hug", "hug"],
  ["strength", "strength"],
  ["me_too", "me too"],
  ["thanks", "thank you"],
];

/** A code in plain words: "30_days" is "30 days", "i_hear_you" is "I hear you". */
export function inWords(code) {
  const words = code.replace(/_/g, " ");
  return words[0].toUpperCase() + words.slice(1);
}

/** What stands on a chip. */
export function chipWords({ name, text }) {
  if (name === "years" && /^\d+$/.test(text)) return `${text} years`;
  return name === "own" ? "\u2764\ufe0e" : inWords(name);
}

export const HELPER_WORDS = { cohost: "co-host", timekeeper: "timekeeper", greeter: "greeter", reader: "reader" };

const SPOKEN = { heart: "heart" };
const HANDS = "strength";

/** A button beside a message is for touch and mouse; by keyboard the sheet of the message does the same. */
function chip({ id }, reaction, mine, send, { text, spoken, beside }) {
  const isMine = mine.includes(reaction);
  return make(
    "button",
    {
      type: "button",
      tabindex: beside ? -1 : 0,
      "aria-pressed": String(isMine),
      "aria-label": spoken,
      click: () => send({ do: "react", message: id, reaction, on: !isMine }),
    },
    text,
  );
}

/** A chip is celebrated with hands: the reaction "strength", beside it from the first moment. */
function hands(message, mine, send) {
  const count = message.reactions[HANDS] || 0;
  const text = count ? `${count} hand${count === 1 ? "" : "s"}` : "Give a hand";
  return chip(message, HANDS, mine, send, { text, spoken: text, beside: true });
}

function counted(message, [reaction, label], mine, send) {
  const count = message.reactions[reaction];
  const words = { text: `${label} ${count}`, spoken: `${SPOKEN[reaction] || label}, ${count}`, beside: true };
  return chip(message, reaction, mine, send, words);
}

/** Fills a row of chips with the reactions a message has. */
export function drawChips(row, message, mine, send) {
  const isCelebrated = message.kind === "chip" && !message.gone;
  const found = REACTIONS.filter(([reaction]) => message.reactions[reaction] && !(isCelebrated && reaction === HANDS));
  const chips = found.map((known) => counted(message, known, mine, send));
  row.hidden = !found.length && !isCelebrated;
  row.replaceChildren(...(isCelebrated ? [hands(message, mine, send)] : []), ...chips);
}

/** Reactions as buttons: all for the sheet of one message, the first `shown` for the share one listens to. */
export function reactionButtons(message, mine, send, shown = REACTIONS.length) {
  const chips = REACTIONS.slice(0, shown).map(([reaction, label]) =>
    chip(message, reaction, mine, send, { text: label, spoken: SPOKEN[reaction] || label, beside: false }),
  );
  return make("div", { class: "row reacts" }, ...chips);
}
