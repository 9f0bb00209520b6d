/** Reasons, as choices. */
import { freshId, make } from "./dom.js";

const REASON_CODE_POINTS = 200;

export const REPORT_REASONS = [
  ["unkind", "It is unkind or threatening"],
  ["unsafe", "It is not safe for someone"],
  ["private_details", "It gives private details away"],
  ["spam", "It is spam or advertising"],
  ["other", "Something else"],
];

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
