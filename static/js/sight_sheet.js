/** What I see: which words are covered until I show them, and who is hidden just for me. `openSight(sight)` opens the sheet. */
import { asChoice } from "./content_note.js";
import { button, make } from "./dom.js";
import { face } from "./faces.js";
import { openSheet } from "./sheet.js";
import { TOPICS } from "./sight.js";

const ONLY_HERE = "Only you see these choices. They stay in this tab and end with the meeting.";

function topicChoice(sight, [topic, words]) {
  const change = (event) => sight.cover(topic, event.target.checked);
  const box = make("input", { type: "checkbox", checked: sight.covers(topic), change });
  return make("label", { class: "check" }, box, asChoice(words));
}

export function openSight(sight) {
  const none = make("p", { class: "quiet" }, "You have hidden nobody.");
  const list = make("ul", { class: "people" });
  const part = make("div", { class: "stack", tabindex: -1 }, make("h3", {}, "Hidden just for me"), none, list);

  function drawHidden() {
    const hidden = Object.entries(sight.hidden());
    none.hidden = Boolean(hidden.length);
    list.replaceChildren(...hidden.map(([id, nickname]) => hiddenPerson({ id, nickname })));
  }

  function hiddenPerson(person) {
    const again = button("Show again", () => {
      sight.hide(person, false);
      drawHidden();
      part.focus();
    });
    again.setAttribute("aria-label", `Show ${person.nickname} again`);
    return make("li", {}, face(person.nickname), make("span", { class: "grow" }, person.nickname), again);
  }

  const topics = make(
    "fieldset",
    {},
    make("legend", {}, "Cover words with a content note about"),
    ...Object.entries(TOPICS).map((topic) => topicChoice(sight, topic)),
  );
  drawHidden();
  openSheet(make("div", { class: "stack" }, make("p", { class: "hint" }, ONLY_HERE), topics, part), { label: "What I see" });
}
