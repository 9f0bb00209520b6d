/**
 * What moderators and hosts do about a person or a message, each in its own sheet, and each with its undo.
 *
 * `createActs({send, notify, roomOf, about})`: `notify(sentence, action)` shows the banner, `about(person)` gives what else
 * moderators do for a person, as `[label, run]`. The functions open sheets; those called `...Now` act at once, and call
 * `then()` when the server agreed. `draw(room)` is called when the room has changed.
 */
import { button, make } from "./dom.js";
import { MUTE_MINUTES, MUTE_REASONS, REMOVE_REASONS } from "./moderation.js";
import { isAbove } from "./people.js";
import { reasonChoice } from "./reasons.js";
import { openSheet } from "./sheet.js";

const SEEN_BY = "The reason, which only this person and the moderators see";

/** The two buttons under something that needs a second tap. */
function confirmation(label, close, run) {
  const go = () => {
    close();
    run();
  };
  return make("div", { class: "row" }, button(label, go, "final"), button("Not now", close, "plain"));
}

export function createActs({ send, notify, roomOf, about }) {
  let quoted = null;

  function act(command, sentence, undo, then) {
    send(command, (frame) => {
      if (frame.is === "refused") {
        notify(frame.sentence);
        return;
      }
      notify(sentence, undo && { label: "Undo", run: () => act(undo.command, undo.sentence) });
      if (then) then();
    });
  }

  function sheet(label, ...children) {
    return openSheet(make("div", { class: "stack" }, ...children), { label });
  }

  function unmute({ id, nickname }) {
    act({ do: "unmute", participant: id }, `${nickname} can write again.`);
  }

  function muteNow({ id, nickname }, minutes, reason, then) {
    const undo = { command: { do: "unmute", participant: id }, sentence: `${nickname} can write again.` };
    act({ do: "mute", participant: id, minutes, reason }, `${nickname} is muted.`, undo, then);
  }

  /** Whether it is likely that what they wrote should go with them: it was reported, or the guard is up. */
  function erases({ id }) {
    const { reports, guard } = roomOf().desk;
    return Boolean(guard) || reports.some(({ participant, outcome }) => participant === id && !outcome);
  }

  function removeNow(person, reason, erase = erases(person)) {
    const { id, nickname } = person;
    const hasWritten = erase && roomOf().messages.some(({ by, gone }) => by === id && !gone);
    const sentence = hasWritten ? `${nickname} is removed, and what they wrote is deleted.` : `${nickname} is removed.`;
    const back = hasWritten ? `${nickname} can come back. What was deleted stays deleted.` : `${nickname} can come back.`;
    const undo = { command: { do: "readmit", participant: id }, sentence: back };
    act({ do: "remove", participant: id, reason, erase }, sentence, undo);
  }

  function redactNow(id, then) {
    act({ do: "redact", message: id }, "The message is gone from every screen.", null, then);
  }

  function mute(person) {
    const { nickname } = person;
    const reason = reasonChoice(SEEN_BY, MUTE_REASONS);
    const choices = MUTE_MINUTES.map(([minutes, label]) =>
      button(label, () => {
        close();
        muteNow(person, minutes, reason.value());
      }),
    );
    const close = sheet(
      `Mute ${nickname}`,
      reason.element,
      make("b", {}, "For how long?"),
      make("div", { class: "row" }, ...choices),
      make("p", { class: "hint" }, `${nickname} can go on listening and reacting. Only the moderators are told.`),
    );
  }

  function remove(person) {
    const { nickname } = person;
    const reason = reasonChoice(SEEN_BY, REMOVE_REASONS);
    const hint = "They leave at once, and another name alone does not bring them back. You can undo this; what is deleted stays deleted.";
    const box = make("input", { type: "checkbox", checked: erases(person) });
    const close = sheet(
      `Remove ${nickname}?`,
      reason.element,
      make("label", { class: "check" }, box, "Also delete what they wrote"),
      make("p", { class: "hint" }, hint),
      confirmation(`Remove ${nickname}`, () => close(), () => removeNow(person, reason.value(), box.checked)),
    );
  }

  function sendBack({ id, nickname }) {
    const reason = reasonChoice(SEEN_BY, MUTE_REASONS);
    const run = () => act({ do: "send_back", participant: id, reason: reason.value() }, `${nickname} is at the door.`);
    const close = sheet(
      `Send ${nickname} back to the door?`,
      reason.element,
      make("p", { class: "hint" }, "They may knock, and come in when a moderator lets them in."),
      confirmation("Send back", () => close(), run),
    );
  }

  function redact(message) {
    const hint = "Its words are erased for everyone and cannot be brought back. A line stays that says so.";
    const close = sheet(
      "Take this message away?",
      make("blockquote", { class: "quote", dir: "auto" }, message.text),
      make("p", { class: "hint" }, hint),
      confirmation("Take it away", () => close(), () => redactNow(message.id)),
    );
    quoted = { id: message.id, close };
  }

  /** What is quoted goes with the message: someone else may take that away first. */
  function draw({ messages }) {
    const isThere = ({ id, gone }) => id === quoted.id && !gone;
    if (!quoted || messages.some(isThere)) return;
    quoted.close();
    quoted = null;
  }

  function redactAll({ id, nickname }) {
    const sentence = `The words of ${nickname} are gone from every screen.`;
    const run = () => act({ do: "redact_all", participant: id, reason: "" }, sentence);
    const close = sheet(
      `Take all words of ${nickname} away?`,
      make("p", {}, "All that they said in this meeting is erased for everyone and cannot be brought back."),
      confirmation("Take all away", () => close(), run),
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

  /** All that may be done about a person: `[label, run]`. */
  function choicesFor(someone) {
    const { me, desk } = roomOf();
    const person = below(someone);
    if (!person) return [];
    const { id, nickname } = person;
    const role = person.role === "moderator" ? "a participant again" : "a moderator";
    return [
      ...about(person),
      ...(desk.muted[id] ? [[`Unmute ${nickname}`, () => unmute(person)]] : []),
      [`Mute ${nickname}`, () => mute(person)],
      [`Remove ${nickname}`, () => remove(person)],
      ...(person.role === "participant" ? [[`Send ${nickname} back to the door`, () => sendBack(person)]] : []),
      [`Take all words of ${nickname} away`, () => redactAll(person)],
      ...(me.role === "host" ? [[`Make ${nickname} ${role}`, () => changeRole(person)]] : []),
    ];
  }

  return { draw, redact, redactNow, muteNow, removeNow, below, choicesFor };
}
