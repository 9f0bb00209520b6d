/**
 * Words that came back: what a policy says of them stands under the field, and the words are in it again.
 *
 * `createNudge({composer, outbox, announce})`: `returned(item)` takes a post that was refused as "nudged" or "rejected" out of
 * the outbox; `draw()` is called at each drawing. The focus stays where it is. It goes when the words are changed.
 */
import { button, byId, make, setText } from "./dom.js";

const BACK = "Your words are back in the field.";
const ID = "nudge-reason";

export function createNudge({ composer, outbox, announce }) {
  const field = byId("words");
  const reason = make("p", { id: ID });
  const anyway = button("Send anyway", sendAnyway);
  const row = make("div", { class: "row" }, anyway, button("Change it", () => field.focus(), "plain"));
  const element = make("div", { class: "nudge stack", role: "group", "aria-label": "Before you send", hidden: true }, reason, row);
  const describedBy = field.getAttribute("aria-describedby");
  let words = "";

  function show(isShown) {
    element.hidden = !isShown;
    field.setAttribute("aria-describedby", isShown ? `${describedBy} ${ID}` : describedBy);
  }

  function sendAnyway() {
    if (!composer.sendAnyway(words)) return;
    field.focus();
    show(false);
  }

  function draw() {
    if (!element.hidden && !composer.startsWith(words)) show(false);
  }

  byId("composer").after(element);
  field.addEventListener("input", draw);

  return {
    draw,
    returned(item) {
      composer.giveBack(outbox.takeBack(item.origin_id));
      words = item.text;
      const sentence = item.reason || item.sentence;
      setText(reason, sentence);
      anyway.hidden = item.code !== "nudged";
      show(true);
      announce(`${sentence} ${BACK}`);
    },
  };
}
