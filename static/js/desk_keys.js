/**
 * The keyboard of the desk: single keys that work only while the focus is in the desk and not where one writes, and that can be
 * switched off, as WCAG 2.1.4 asks.
 *
 * `createKeys(desk, {list, storage})`: `open()` shows the list of keys with the switch.
 */
import { make } from "./dom.js";
import { openSheet } from "./sheet.js";

const SETTING = "shortcuts";
const KEYS = [
  ["j", "Next case"],
  ["k", "Case before"],
  ["o", "Open"],
  ["c", "I look at this"],
  ["a", "The first good way: let through, let in, take away, looked after"],
  ["r", "Send back, or not now"],
  ["m", "Mute for 5 minutes"],
  ["x", "Remove"],
  ["d", "Nothing needed"],
  ["?", "These keys"],
];
const ACTS = { o: "open", c: "claim", a: "accept", r: "reject", m: "mute", x: "remove", d: "dismiss" };
const STEPS = { j: 1, k: -1 };
const WRITES = "input, textarea, select, [contenteditable]";

export function createKeys(desk, { list, storage }) {
  const isOn = () => storage.get(SETTING, true);

  function open() {
    const change = () => storage.set(SETTING, box.checked ? null : false);
    const box = make("input", { type: "checkbox", checked: isOn(), change });
    const rows = KEYS.map(([key, words]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, words)));
    const element = make(
      "div",
      { class: "stack" },
      make("dl", { class: "keys" }, ...rows),
      make("p", { class: "hint" }, "They work while the focus is in the desk, and never while you write."),
      make("label", { class: "check" }, box, "Use these keys"),
    );
    openSheet(element, { label: "Keys of the desk" });
  }

  function run(key) {
    if (key === "?") open();
    else if (STEPS[key]) list.step(STEPS[key]);
    else return Boolean(ACTS[key]) && list.press(ACTS[key]);
    return true;
  }

  desk.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!isPlain || event.target.matches(WRITES) || !isOn()) return;
    if (run(event.key)) event.preventDefault();
  });

  return { open };
}
