/**
 * What moderators do for a person beside stopping harm: private words first, and notes for the other moderators.
 *
 * `createAboutPerson({send, notify, roomOf, now, storage, openLine})`: `choicesFor({id, nickname})` gives `[label, run]`,
 * `write(person)` opens the private words, `notesOn(id, now)` are those notes as sentences.
 */
import { timeOf } from "./clock.js";
import { isolate } from "./direction.js";
import { button, make, say } from "./dom.js";
import { PRIVATE_WORDS } from "./moderation.js";
import { openSheet } from "./sheet.js";

const NOTE = 500;
const DRAFTS = "private";

export function createAboutPerson({ send, notify, roomOf, now, storage, openLine }) {
  function notesOn(id, at) {
    const notes = roomOf().desk.notes[id] || [];
    return notes.map((note) => `${isolate(note.by_nickname)}, ${timeOf(note.at, at)}: ${isolate(note.text)}`);
  }

  /** The line is opened, the words stand in its field; nothing is sent until the moderator sends it. */
  function writeWith({ id }, words) {
    send({ do: "open_line", participant: id }, (frame) => {
      if (frame.is === "refused" && frame.code !== "already_so") {
        notify(frame.sentence);
        return;
      }
      const drafts = storage.get(DRAFTS, {});
      if (!drafts[id]) storage.set(DRAFTS, { ...drafts, [id]: words });
      openLine(id);
    });
  }

  function write(person) {
    const choices = [...PRIVATE_WORDS, ["Words of my own", ""]].map(([label, words]) =>
      button(label, () => {
        close();
        writeWith(person, words);
      }),
    );
    const hint = "A private line opens with words you can change. Only this person and the moderators see it.";
    const menu = make("div", { class: "menu" }, ...choices);
    const element = make("div", { class: "stack" }, make("p", { class: "hint" }, hint), menu);
    const close = openSheet(element, { label: `Write to ${person.nickname}` });
  }

  function openNotes({ id, nickname }) {
    const field = make("textarea", { id: "note-words", rows: 2, maxlength: NOTE, autocomplete: "off" });
    const error = make("p", { class: "error", role: "alert", hidden: true });
    const list = make("ul", { class: "notes" }, ...notesOn(id, now()).map((note) => make("li", {}, note)));

    function keep(event) {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      send({ do: "write_note", participant: id, text }, (frame) => {
        say(error, frame.is === "refused" ? frame.sentence : "");
        if (frame.is === "refused") return;
        field.value = "";
        close();
        notify("The note is there for the other moderators.");
      });
    }

    const form = make(
      "form",
      { class: "stack", submit: keep },
      list,
      make("div", { class: "field" }, make("label", { for: "note-words" }, "A note"), field),
      make("p", { class: "hint" }, "Moderators and hosts see notes. They are gone with the meeting."),
      error,
      make("div", { class: "row" }, make("button", { class: "primary" }, "Keep"), button("Not now", () => close(), "plain")),
    );
    const close = openSheet(form, { label: `Notes on ${nickname}` });
  }

  return {
    write,
    notesOn,
    choicesFor(person) {
      const count = (roomOf().desk.notes[person.id] || []).length;
      return [
        [`Write to ${person.nickname} as a moderator`, () => write(person)],
        [`Notes on ${person.nickname}${count ? ` (${count})` : ""}`, () => openNotes(person)],
      ];
    },
  };
}
