/**
 * What moderators and hosts do about a person or a message, each in its own sheet, and each with its undo.
 *
 * `createActs({send, notify, roomOf, calling})`: `notify(sentence, action)` shows the banner, `calling(person)` gives what else
 * may be done for a person. The functions open sheets.
 */
import { reasonChoice } from "./choices.js";
import { button, make } from "./dom.js";
import { MUTE_MINUTES, MUTE_REASONS, REMOVE_REASONS } from "./moderation.js";
import { isAbove } from "./people.js";
import { openSheet } from "./sheet.js";

/** The two buttons under something that needs a second tap. */
function confirmation(label, close, run) {
  const go = () => {
    close();
    run();
  };
  return make("div", { class: "row" }, button(label, go, "final"), button("Not now", close, "plain"));
}

export function createActs({ send, notify, roomOf, calling }) {
  function act(command, sentence, undo) {
    send(command, (frame) => {
      if (frame.is === "refused") notify(frame.sentence);
      else notify(sentence, undo && { label: "Undo", run: () => act(undo.command, undo.sentence) });
    });
  }

  function sheet(label, ...children) {
    return openSheet(make("div", { class: "stack" }, ...children), { label });
  }

  function unmute({ id, nickname }) {
    act({ do: "unmute", participant: id }, `${nickname} can write again.`);
  }

  function mute(person) {
    const { id, nickname } = person;
    const reason = reasonChoice("The reason, which only this person and the moderators see", MUTE_REASONS);
    const undo = { command: { do: "unmute", participant: id }, sentence: `${nickname} can write again.` };
    const choices = MUTE_MINUTES.map(([minutes, label]) =>
      button(label, () => {
        close();
        act({ do: "mute", participant: id, minutes, reason: reason.value() }, `${nickname} is muted.`, undo);
      }),
    );
    const close = sheet(
      `Mute ${nickname}`,
      reason.element,
      make("b", {}, "For how long?"),
      make("div", { class: "row" }, ...choices),
      make("p", { class: "hint" }, `${nickname} can go on listening and reacting. Nobody else is told.`),
    );
  }

  function remove(person) {
    const { id, nickname } = person;
    const reason = reasonChoice("The reason, which only this person and the moderators see", REMOVE_REASONS);
    const undo = { command: { do: "readmit", participant: id }, sentence: `${nickname} can come back.` };
    const hint = "They leave at once and cannot come back with another name. You can undo this.";
    const run = () => act({ do: "remove", participant: id, reason: reason.value() }, `${nickname} is removed.`, undo);
    const close = sheet(
      `Remove ${nickname}?`,
      reason.element,
      make("p", { class: "hint" }, hint),
      confirmation(`Remove ${nickname}`, () => close(), run),
    );
  }

  function redact(message) {
    const run = () => act({ do: "redact", message: message.offset }, "The message is gone from every screen.");
    const hint = "Its words are erased for everyone and cannot be brought back. A line stays that says so.";
    const close = sheet(
      "Take this message away?",
      make("blockquote", { class: "quote" }, message.text),
      make("p", { class: "hint" }, hint),
      confirmation("Take it away", () => close(), run),
    );
  }

  function changeRole({ id, nickname, role }) {
    const next = role === "moderator" ? "participant" : "moderator";
    const sentences = { moderator: `${nickname} is a moderator now.`, participant: `${nickname} is a participant now.` };
    const undo = { command: { do: "change_role", participant: id, role }, sentence: sentences[role] };
    act({ do: "change_role", participant: id, role: next }, sentences[next], undo);
  }

  function below({ id, nickname }) {
    const { desk, people, me } = roomOf();
    return desk && people[id] && isAbove(me.role, people[id].role) ? { id, nickname, role: people[id].role } : null;
  }

  /** How to stop someone from doing harm: `[label, run]`. */
  function against({ id, nickname }) {
    const person = below({ id, nickname });
    if (!person) return [];
    const unmuting = roomOf().desk.muted[id] ? [[`Unmute ${nickname}`, () => unmute(person)]] : [];
    return [...unmuting, [`Mute ${nickname}`, () => mute(person)], [`Remove ${nickname}`, () => remove(person)]];
  }

  /** All that may be done about a person: `[label, run]`. */
  function choicesFor(someone) {
    const person = below(someone);
    if (!person || roomOf().me.role !== "host") return against(someone);
    const role = person.role === "moderator" ? "a participant again" : "a moderator";
    return [...against(someone), [`Make ${person.nickname} ${role}`, () => changeRole(person)]];
  }

  function openPerson(person) {
    const choices = [...calling(person), ...choicesFor(person)].map(([label, run]) => button(label, () => {
      close();
      run();
    }));
    const close = openSheet(make("div", { class: "menu" }, ...choices), { label: person.nickname });
  }

  return { redact, against, choicesFor, openPerson };
}
