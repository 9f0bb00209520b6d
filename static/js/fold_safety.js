/** The part of the fold about held messages, concerns, claims, the moderators' own words and content notes. room.js merges it. */
import { trimmed } from "./fold_texts.js";

const REJECTED_SHOWN = 10;

function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change(room.desk) } } : room;
}

function add(list, one, name) {
  return list.some((other) => other[name] === one[name]) ? list : [...list, one];
}

/** The entry of a list at the desk that a frame is about: its fields, not looked at yet. */
function open({ is, event, id, position, ...fields }) {
  return { ...fields, claimed_by: "" };
}

function claim(room, { item, by }) {
  const claimed = (list, name) => list.map((one) => (one[name] === item ? { ...one, claimed_by: by } : one));
  return changeDesk(room, ({ reports, held, concerns }) => ({
    reports: claimed(reports, "report"),
    held: claimed(held, "held"),
    concerns: claimed(concerns, "concern"),
  }));
}

function myHeld(room, { is, event, id, ...held }) {
  const isThis = (one) => one.held === held.held;
  const isLeft = held.state === "waiting" || held.state === "rejected";
  const changed = room.me.held.map((one) => (isThis(one) ? { ...held, at: one.at } : one)).filter((one) => isLeft || !isThis(one));
  const all = held.state === "waiting" ? add(changed, held, "held") : changed;
  const shown = all.filter(({ state }) => state === "rejected").slice(-REJECTED_SHOWN);
  const posted = held.state === "waiting" ? { posted_at: held.at } : {};
  return { ...room, me: { ...room.me, ...posted, held: all.filter((one) => one.state === "waiting" || shown.includes(one)) } };
}

function say(room, { id, at, by, by_nickname, text, origin_id }) {
  const said = { id, at, by, by_nickname, text, origin_id };
  return changeDesk(room, (desk) => trimmed({ ...desk, team: add(desk.team, said, "id") }));
}

function writeNote(room, { id, at, participant, by_nickname, text }) {
  const note = { id, at, by_nickname, text };
  return changeDesk(room, (desk) => {
    const { [participant]: known = [], ...others } = desk.notes;
    return trimmed({ ...desk, notes: { ...others, [participant]: add(known, note, "id") } });
  });
}

/** Someone's break is over: also with leaving and with the role. */
export function endBreak(room, { participant }) {
  if (!room.desk || !room.desk.on_break.includes(participant)) return room;
  return changeDesk(room, ({ on_break }) => ({ on_break: on_break.filter((id) => id !== participant) }));
}

function noteContent(room, { message, topic }) {
  const isMeant = (one) => one.id === message && !one.gone;
  if (!room.messages.some(isMeant)) return room;
  return { ...room, messages: room.messages.map((one) => (isMeant(one) ? { ...one, topic } : one)) };
}

/** What authors do with their own words is no action of a moderator. */
export function isAction({ event, by }) {
  return by || (event !== "held_resolved" && event !== "content_noted");
}

export const SAFETY_CHANGES = {
  message_held: (room, frame) => changeDesk(room, ({ held }) => ({ held: add(held, open(frame), "held") })),
  held_resolved: (room, { held: id }) =>
    changeDesk(room, ({ held }) => ({ held: held.filter((one) => one.held !== id) })),
  my_held: myHeld,
  concern_noted: (room, frame) =>
    changeDesk(room, ({ concerns }) => ({ concerns: add(concerns, open(frame), "concern") })),
  concern_resolved: (room, { concern: id }) =>
    changeDesk(room, ({ concerns }) => ({ concerns: concerns.filter((one) => one.concern !== id) })),
  my_care: (room, { topic }) => ({ ...room, me: { ...room.me, care: topic } }),
  claimed: claim,
  team_said: say,
  note_written: writeNote,
  break_taken: (room, { participant }) =>
    changeDesk(room, ({ on_break }) => ({ on_break: on_break.includes(participant) ? on_break : [...on_break, participant] })),
  break_over: endBreak,
  content_noted: noteContent,
  words_set: (room, { words }) => changeDesk(room, () => ({ words })),
};
