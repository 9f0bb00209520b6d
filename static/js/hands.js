/**
 * The sheets of taking part: a hand with a private reason, thanks in ready words, a chip.
 *
 * `createHands({send, notify, roomOf, newId, now, storage})`: `openHand()`, `openThanks()`, `openChip()`.
 */
import { createChips } from "./chip_sheet.js";
import { inWords } from "./choices.js";
import { radio } from "./reasons.js";
import { button, make } from "./dom.js";
import { openSheet } from "./sheet.js";

const WORDS = 200;
const REASONS = [
  ["first_time", "It is my first time"],
  ["milestone", "I have a milestone to share"],
  ["burning_desire", "I need to share today"],
  ["own", "In my own words"],
];
const THANKS = ["thank_you", "i_hear_you", "me_too", "with_you", "welcome", "glad_you_are_here"];

export function createHands({ send, notify, roomOf, newId, now, storage }) {
  function form(label, sentence, yes, children, finish) {
    const no = button("Not now", () => close(), "plain");
    const rows = make("div", { class: "row" }, make("button", { class: "primary" }, yes), no);
    const submit = (event) => {
      event.preventDefault();
      close();
      finish();
    };
    const close = openSheet(make("form", { class: "stack", submit }, make("p", {}, sentence), ...children, rows), { label });
  }

  function openHand() {
    const words = make("input", { type: "text", maxlength: WORDS, "aria-label": "In my own words", hidden: true });
    const choices = REASONS.map(([code, label], index) => radio("hand", code, label, index === 0));
    const fieldset = make("fieldset", { class: "choices" }, make("legend", { class: "spoken" }, "The reason"), ...choices);
    const chosen = () => fieldset.querySelector("input:checked").value;
    fieldset.addEventListener("change", () => {
      words.hidden = chosen() !== "own";
    });
    const sentence = "Only the host and the moderators see this. It may help them to make room for you.";
    form("Raise my hand", sentence, "Raise my hand", [fieldset, words], () => {
      const reason = chosen();
      send({ do: "raise_hand", reason, words: reason === "own" ? words.value.trim() : "" });
    });
  }

  function openThanks() {
    const choices = THANKS.map((reply) =>
      button(inWords(reply), () => {
        close();
        send({ do: "thank", origin_id: newId(), reply });
      }),
    );
    const close = openSheet(make("div", { class: "menu" }, ...choices), { label: "Say thanks" });
  }

  return { openHand, openThanks, openChip: createChips({ send, notify, roomOf, newId, now, storage }) };
}
