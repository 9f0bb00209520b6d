/** The form that opens a poll: `openPollForm(send)`. What does not fit is said in it, and nothing that was typed is lost. */
import { radio } from "./reasons.js";
import { button, make, say } from "./dom.js";
import { faultOf, optionsOf } from "./ranking.js";
import { openSheet } from "./sheet.js";

const QUESTION = 300;
const KINDS = [
  ["single", "One choice"],
  ["several", "Several choices"],
  ["ranked", "An order of preference, counted in points"],
];

function field(label, node, ...more) {
  return make("div", { class: "field" }, make("label", { for: node.id }, label), ...more, node);
}

export function openPollForm(send) {
  const question = make("input", { type: "text", id: "poll-question", maxlength: QUESTION, autocomplete: "off" });
  const options = make("textarea", { id: "poll-options", rows: 4, autocomplete: "off", "aria-describedby": "poll-hint" });
  const live = make("input", { type: "checkbox" });
  const kinds = KINDS.map(([code, label], index) => radio("poll-kind", code, label, index === 0));
  const error = make("p", { class: "error", role: "alert", hidden: true });

  function submit(event) {
    event.preventDefault();
    const asked = question.value.trim();
    const wanted = optionsOf(options.value);
    const fault = asked ? faultOf(wanted) : "Please write a question.";
    say(error, fault);
    if (fault) (asked ? options : question).focus();
    else openWith(asked, wanted);
  }

  function openWith(asked, wanted) {
    const kind = form.querySelector("[name=poll-kind]:checked").value;
    send({ do: "open_poll", question: asked, options: wanted, kind, live: live.checked }, (frame) => {
      if (frame.is === "refused") say(error, [frame.sentence, frame.detail].filter(Boolean).join(" "));
      else close();
    });
  }

  const yes = make("button", { class: "primary" }, "Open the poll");
  const form = make(
    "form",
    { class: "stack", submit, novalidate: true },
    field("The question", question),
    field("The options", options, make("p", { class: "hint", id: "poll-hint" }, "One a line, 2 to 10.")),
    make("fieldset", { class: "choices" }, make("legend", {}, "How people vote"), ...kinds),
    make("label", { class: "check" }, live, "Show the counts while people vote"),
    error,
    make("div", { class: "row" }, yes, button("Not now", () => close(), "plain")),
  );
  const close = openSheet(form, { label: "A poll" });
}
