/**
 * A small goal for oneself, on this device only: written at the closing, asked about privately in the next meeting.
 *
 * `createGoals({storage, meeting, notify, announce, redraw, focusBack})`: `asks(room)` are the buttons of this moment.
 */
import { button, make, say } from "./dom.js";
import { ANSWERS, goalNow, isClosing } from "./goal.js";
import { openSheet } from "./sheet.js";

const GOAL = "goal";
const LONGEST = 200;
const WHERE =
  "It is kept on this device only and sent to nobody. When this device comes to another meeting, it asks you how it went, " +
  "and then forgets it. Whoever uses this device until then may see it. Leave now erases it.";
const ASKING = "You left yourself a small goal last time. Only you see it.";
const LABELS = { write: "Write a small goal", mine: "My small goal", ask: "Your goal from last time" };

export function createGoals({ storage, meeting, notify, announce, redraw, focusBack }) {
  let isTold = false;

  function keep(goal) {
    storage.keep(GOAL, goal);
    redraw();
  }

  function openWriting() {
    const before = storage.kept(GOAL);
    const described = { autocomplete: "off", "aria-describedby": "goal-where" };
    const words = make("textarea", { id: "goal", rows: 2, maxlength: LONGEST, ...described });
    const label = make("label", { for: "goal" }, "One small thing, for yourself");
    const error = make("p", { class: "error", role: "alert", hidden: true });
    const submit = (event) => {
      event.preventDefault();
      const text = words.value.trim();
      say(error, text ? "" : "Please write a few words, or close this.");
      if (!text) return;
      keep({ text, meeting });
      close();
      notify("Your goal is kept on this device.");
    };
    const erase = button("Erase it", () => {
      keep(null);
      close();
      notify("Your goal is erased.");
    }, "plain");
    words.value = before ? before.text : "";
    const keeping = make("button", { class: "primary" }, "Keep it here");
    const row = make("div", { class: "row" }, keeping, ...(before ? [erase] : []));
    const hint = make("p", { class: "hint", id: "goal-where" }, WHERE);
    const field = make("div", { class: "field" }, label, words);
    const form = make("form", { class: "stack", submit, novalidate: true }, field, hint, error, row);
    const close = openSheet(form, { label: "A small goal", onClose: focusBack });
  }

  function openAsking() {
    const goal = storage.kept(GOAL);
    if (!goal) return;
    const element = make("div", { class: "stack", tabindex: -1 });
    const answer = (words) => () => {
      keep(null);
      const gone = make("p", { class: "hint" }, "This device has forgotten it.");
      element.replaceChildren(make("p", { class: "lead" }, words), gone);
      element.focus({ preventScroll: true });
      announce(words);
    };
    const choices = ANSWERS.map(([label, words]) => button(label, answer(words)));
    element.append(
      make("p", {}, "Last time you wrote:"),
      make("blockquote", { dir: "auto" }, goal.text),
      make("p", {}, "How did it go? Only you see this, and any answer is fine."),
      make("div", { class: "menu" }, ...choices),
    );
    openSheet(element, { label: "Your goal from last time", onClose: focusBack });
  }

  return {
    asks(room) {
      const now = goalNow(storage.kept(GOAL), meeting, isClosing(room));
      if (now === "ask" && !isTold) notify(ASKING);
      isTold = true;
      return now ? [{ key: "goal", label: LABELS[now], main: false, run: now === "ask" ? openAsking : openWriting }] : [];
    },
  };
}
