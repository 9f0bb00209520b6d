/**
 * A content note: what words are about, so that people may choose not to see them at once.
 *
 * `chooseTopic({label, hint, topic}, done)` opens the sheet; `done(topic)` is called when something else was chosen, with "" for
 * no note.
 */
import { button, make } from "./dom.js";
import { radio } from "./reasons.js";
import { openSheet } from "./sheet.js";
import { TOPICS } from "./sight.js";

/** A topic as a choice. */
export function asChoice(words) {
  return words[0].toUpperCase() + words.slice(1);
}

export function chooseTopic({ label, hint, topic }, done) {
  const found = [["", "No content note"], ...Object.entries(TOPICS)];
  const choices = found.map(([code, words]) => radio("topic", code, asChoice(words), code === topic));
  const form = make(
    "form",
    { class: "stack", submit: finish },
    make("p", {}, hint),
    make("fieldset", { class: "choices" }, make("legend", {}, "What is it about?"), ...choices),
    make("div", { class: "row" }, make("button", { class: "primary" }, "That is right"), button("Not now", () => close(), "plain")),
  );

  function finish(event) {
    event.preventDefault();
    const chosen = form.querySelector("input:checked").value;
    close();
    if (chosen !== topic) done(chosen);
  }

  const close = openSheet(form, { label });
}
