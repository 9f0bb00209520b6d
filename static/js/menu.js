/**
 * The sheet of one message: react, take it back, report it; for moderators, what to do about it and its author.
 *
 * `createMenu({send, notify, actsOf, roomOf, openPerson, noteContent})`: the function it returns opens the sheet for a message's
 * id. `actsOf()` are those of acts.js, or null for whom they are not; `openPerson({id, nickname})` and `noteContent(message,
 * isMine)` open other sheets.
 */
import { reactionButtons } from "./choices.js";
import { button, make } from "./dom.js";
import { isAbove } from "./people.js";
import { radio, REPORT_REASONS } from "./reasons.js";
import { openSheet } from "./sheet.js";

const REPORT_WORDS = 200;
const TOLD = "Thank you. The moderators have been told.";

export function createMenu({ send, notify, actsOf, roomOf, openPerson, noteContent }) {
  function said(sentence) {
    return (frame) => notify(frame.is === "refused" ? frame.sentence : sentence);
  }

  function report(message) {
    const tell = make("button", { class: "primary" }, "Tell the moderators");
    const words = make("textarea", { rows: 2, maxlength: REPORT_WORDS, id: "report-words" });
    const reasons = REPORT_REASONS.map(([code, label], index) => radio("report", code, label, index === 0));
    const form = make(
      "form",
      { class: "stack", submit: finish },
      make("p", {}, "The moderators see this message and your reason. They never learn who told them."),
      make("fieldset", { class: "choices" }, make("legend", { class: "spoken" }, "What is wrong?"), ...reasons),
      make("div", { class: "field" }, make("label", { for: "report-words" }, "A few words, if you like"), words),
      make("div", { class: "row" }, tell, button("Not now", () => close(), "plain")),
    );

    function finish(event) {
      event.preventDefault();
      const reason = form.querySelector("input:checked").value;
      close();
      const command = { do: "report", message: message.id, reason, words: words.value };
      send(command, said(roomOf().desk ? TOLD : `${TOLD} You don't see this message any more.`));
    }

    const close = openSheet(form, { label: "Report this message" });
  }

  function retract({ id }) {
    send({ do: "retract", message: id }, said("Your message is gone from every screen."));
  }

  function noting(message, isMine) {
    return [[message.topic ? "Change the content note" : "Put a content note on it", () => noteContent(message, isMine)]];
  }

  function choicesFor(message, room) {
    const person = { id: message.by, nickname: message.nickname };
    const telling = [["Report to the moderators", () => report(message)], [`More about ${person.nickname}`, () => openPerson(person)]];
    if (message.by === room.me.participant) return [["Take it back", () => retract(message)], ...noting(message, true)];
    const acts = room.desk && actsOf();
    if (!acts) return telling;
    const author = room.people[message.by];
    const erasing = [["Take this message away", () => acts.redact(message)]];
    return [
      ...(!author || isAbove(room.me.role, author.role) ? erasing : []),
      ...acts.choicesFor(person),
      ...noting(message, false),
      ...telling,
    ];
  }

  return (id) => {
    const room = roomOf();
    const message = room.messages.find((one) => one.id === id);
    if (!message || message.gone) return;
    const reactions = reactionButtons(message, room.me.reactions[id] || [], (command) => {
      close();
      send(command);
    });
    const choices = choicesFor(message, room).map(([label, run]) => button(label, () => {
      close();
      run();
    }));
    const content = make("div", { class: "stack" }, reactions, make("div", { class: "menu" }, ...choices));
    const close = openSheet(content, { label: `${message.nickname} wrote` });
  };
}
