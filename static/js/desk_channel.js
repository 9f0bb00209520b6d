/**
 * The moderators' own channel: what they say to each other, and a field to say more. Words that are not sent yet are kept.
 *
 * `createChannel({send, roomOf, newId, now})`: `open()` opens the sheet, `draw(room)` draws it while it is open, `close()`,
 * `isOpen()`; `unread(room)` counts what the others said since it was open.
 */
import { timeOf } from "./clock.js";
import { make, say, setText } from "./dom.js";
import { createList } from "./list.js";
import { openSheet } from "./sheet.js";

const AT_END_PX = 40;
const WORDS = 2000;

function createWord({ name, at }) {
  return make("div", { class: "word" }, make("div", { class: "by" }, make("b", {}, make("bdi", {}, name)), make("small", {}, at)), make("p", { class: "text", dir: "auto" }));
}

function updateWord(node, { text, mine }) {
  node.classList.toggle("mine", mine);
  setText(node.querySelector(".text"), text);
}

export function createChannel({ send, roomOf, newId, now }) {
  let shown = null;
  let seenAt = now();
  let draft = "";

  function createForm() {
    const keep = () => (draft = field.value);
    const field = make("textarea", { id: "team-words", rows: 2, maxlength: WORDS, autocomplete: "off", input: keep });
    const error = make("p", { class: "error", role: "alert", hidden: true });
    const label = make("label", { for: "team-words", class: "spoken" }, "Write to the other moderators");

    function done(frame, text) {
      say(error, frame.is === "refused" ? frame.sentence : "");
      if (frame.is === "refused" || field.value.trim() !== text) return;
      field.value = "";
      keep();
    }

    function submit(event) {
      event.preventDefault();
      const text = field.value.trim();
      if (text) send({ do: "say_to_team", origin_id: newId(), text }, (frame) => done(frame, text));
    }

    field.value = draft;
    const button = make("button", { class: "primary" }, "Send");
    return [make("form", { class: "composer", submit }, label, field, button), error];
  }

  function createLog() {
    const log = make("div", { class: "words", role: "log", "aria-label": "What the moderators say" });
    const list = createList(log, { create: createWord, update: updateWord });

    function draw({ desk, me }) {
      const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < AT_END_PX;
      const rows = desk.team.map(({ id, at, by, by_nickname: name, text }) => {
        const mine = by === me.participant;
        return { key: id, name: mine ? "You" : name, mine, at: timeOf(at, now()), text };
      });
      list(rows);
      log.tabIndex = rows.length ? 0 : -1;
      if (atEnd) log.scrollTop = log.scrollHeight;
      seenAt = now();
    }

    return { log, draw };
  }

  return {
    isOpen: () => shown !== null,
    unread: ({ desk, me }) => desk.team.filter(({ at, by }) => by !== me.participant && at > seenAt).length,
    draw: (room) => shown && shown.draw(room),
    close: () => shown && shown.close(),
    open() {
      const { log, draw } = createLog();
      const hint = make("p", { class: "hint" }, "Only moderators and hosts read this. It is gone with the meeting.");
      const onClose = () => (shown = null);
      const element = make("div", { class: "stack" }, hint, log, ...createForm());
      shown = { draw, close: openSheet(element, { label: "Moderators", onClose }) };
      draw(roomOf());
    },
  };
}
