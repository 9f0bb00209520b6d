/**
 * The sheet to take a chip. Who wants has the days counted here: the day never leaves this device, and is only kept on it when
 * the person says so.
 *
 * `createChips({send, notify, roomOf, newId, now, storage})`: `openChip()`.
 */
import { chipSince, localDay } from "./chip_day.js";
import { inWords } from "./choices.js";
import { button, make, say } from "./dom.js";
import { openSheet } from "./sheet.js";

const MONTHS = [4, 5, 6, 7, 8, 9, 10, 11];
export const CHIPS = [
  ...["first_meeting", "back_again", "24_hours", "1_week", "30_days", "60_days", "90_days"],
  ...MONTHS.map((months) => `${months}_months`),
  ...["1_year", "18_months", "years", "own"],
];
const OWN = "In my own words";
const DAY = "day";
const CHIP_WORDS = 80;
const ASKED = { years: "How many years?", own: "What does your chip say?" };
const A_FEW = "A few words, if you like";
const ONLY_HERE = "The day is counted on this device and never sent.";
const MISSING = { years: "Please write how many years.", own: "Please write what your chip says." };

export function createChips({ send, notify, roomOf, newId, now, storage }) {
  /** Counting the days, to suggest a chip: `{element, keep()}`. */
  function counting(suggest) {
    const today = localDay(now());
    const before = storage.kept(DAY) || "";
    const described = { autocomplete: "off", "aria-describedby": "chip-count" };
    const day = make("input", { type: "date", id: "chip-day", max: today, value: before, ...described });
    const box = make("input", { type: "checkbox", checked: Boolean(before) });
    const counted = make("p", { class: "hint", id: "chip-count", role: "status" });
    const forget = button("Forget the day", () => {
      day.value = "";
      box.checked = false;
      storage.keep(DAY, null);
      forget.hidden = true;
      count();
      day.focus();
    }, "plain");

    function count() {
      const found = chipSince(day.value, today);
      say(counted, [found && found.sentence, ONLY_HERE].filter(Boolean).join(" "));
      if (found) suggest(found);
    }

    day.addEventListener("change", count);
    forget.hidden = !before;
    count();
    const keeping = make("label", { class: "check" }, box, "Keep this day on this device for next time");
    const field = make("div", { class: "field" }, make("label", { for: "chip-day" }, "Since which day?"), day, counted);
    const inside = make("div", { class: "stack" }, field, keeping, make("div", { class: "row" }, forget));
    const element = make("details", { open: Boolean(before) }, make("summary", {}, "Count the days for me"), inside);
    return { element, keep: () => storage.keep(DAY, box.checked && chipSince(day.value, today) ? day.value : null) };
  }

  return function openChip() {
    const options = CHIPS.map((value) => make("option", { value }, value === "own" ? OWN : inWords(value)));
    const which = make("select", { id: "which-chip" }, ...options);
    const label = make("label", { for: "chip-words" }, A_FEW);
    const words = make("input", { type: "text", id: "chip-words", maxlength: CHIP_WORDS, autocomplete: "off" });
    const error = make("p", { class: "error", role: "alert", hidden: true });
    const ask = () => {
      label.textContent = ASKED[which.value] || A_FEW;
      say(error, "");
    };
    const suggest = ({ chip, words: found }) => {
      if (chip) which.value = chip;
      if (found) words.value = found;
      ask();
    };
    const days = counting(suggest);
    const submit = (event) => {
      event.preventDefault();
      const said = words.value.trim();
      say(error, said ? "" : MISSING[which.value] || "");
      if (!error.hidden) words.focus();
      else take({ do: "take_chip", origin_id: newId(), chip: which.value, words: said });
    };

    function take(command) {
      days.keep();
      send(command, (frame) => {
        if (frame.is === "refused") {
          say(error, [frame.sentence, frame.detail].filter(Boolean).join(" "));
          return;
        }
        close();
        const isHeld = roomOf().me.held.some(({ origin_id }) => origin_id === command.origin_id);
        if (!isHeld) notify("Your chip is there for everyone to see.");
      });
    }

    which.addEventListener("change", ask);
    const taking = make("button", { class: "primary" }, "Take this chip");
    const form = make(
      "form",
      { class: "stack", submit, novalidate: true },
      make("p", {}, "Everyone here sees it and can give you a hand. Each chip counts the same, and you can take it back."),
      make("div", { class: "field" }, make("label", { for: "which-chip" }, "Which chip?"), which),
      make("div", { class: "field" }, label, words),
      days.element,
      error,
      make("div", { class: "row" }, taking, button("Not now", () => close(), "plain")),
    );
    const close = openSheet(form, { label: "Take a chip" });
  };
}
