/**
 * Care for oneself: a card that only the person sees whose words sounded like danger, and who can be called.
 *
 * `createCare({storage, announce, supportNow})`: `draw(room)` shows the card above the field, without taking the focus; it can
 * be put away and is found again beside the meeting. `forOneself(close)` gives nodes for a sheet that `close()` closes.
 */
import { button, byId, make, say } from "./dom.js";
import { helpLines } from "./help.js";
import { openSheet } from "./sheet.js";

const WORDS = {
  self_harm: "What you wrote sounds heavy. You do not have to carry it alone.",
  overdose: "If someone may have taken too much: call the emergency number now, and stay with them.",
};
const TOLD = "Only you see this card. A moderator was told quietly.";
const NOBODY_HERE = "Only you see this card. No moderator is here at this moment: please call someone now.";
const LABEL = "Help for me";

export function createCare({ storage, announce, supportNow }) {
  const lead = make("p", { class: "lead" });
  const whoKnows = make("p", { class: "hint" });
  const card = make(
    "section",
    { class: "care stack", "aria-label": "Only for you", tabindex: -1, hidden: true },
    lead,
    whoKnows,
    make(
      "div",
      { class: "row" },
      button("Talk to a moderator now", supportNow, "primary"),
      button("People to call", open),
      button("Put away", putAway, "plain"),
    ),
  );
  const again = button(LABEL, open);
  again.hidden = true;
  let topic = "";

  function forOneself(close) {
    const talk = button("Talk to a moderator myself", () => {
      close();
      supportNow();
    });
    return [make("h3", {}, "For yourself"), make("p", {}, "This may weigh on you too."), talk, helpLines()];
  }

  function open() {
    const talk = button("Talk to a moderator now", () => {
      close();
      supportNow();
    }, "primary");
    const content = [make("p", { class: "lead" }, WORDS[topic]), make("p", { class: "hint" }, whoKnows.textContent), talk, helpLines()];
    const close = openSheet(make("div", { class: "stack" }, ...content), { label: LABEL });
  }

  function putAway() {
    storage.set("cared", topic);
    card.hidden = true;
    announce(`Put away. You find it again under Meeting, as ${LABEL}.`);
    byId("floor").focus({ preventScroll: true });
  }

  byId("banner").after(card);
  byId("support-now").after(again);

  return {
    forOneself,
    draw({ me, unattended }) {
      say(whoKnows, unattended ? NOBODY_HERE : TOLD);
      if (topic === me.care) return;
      topic = me.care;
      lead.textContent = WORDS[topic] || "";
      card.hidden = !topic || storage.get("cared", "") === topic;
      again.hidden = !topic;
      if (!card.hidden) announce(`Only for you: ${WORDS[topic]}`);
    },
  };
}
