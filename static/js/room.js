/**
 * The room as this person may see it: the same fold as the server's, over `entry`, `personal` and `crowd` frames.
 *
 * `apply(room, frame) -> room`. Nothing here touches the page, the network or a clock. Nothing is changed in place: a part of
 * the room that is still the same object has not changed. Applying a frame twice is harmless. docs/protocol.md names every
 * field.
 */
import { COURSE_CHANGES, came, hostGone, isParticipantNow, read, went } from "./fold_course.js";
import { DIRECT_CHANGES } from "./fold_direct.js";
import { DOOR_CHANGES, wrote } from "./fold_door.js";
import { FLOOR_CHANGES, heard } from "./fold_floor.js";
import { LINE_CHANGES } from "./fold_lines.js";
import { NAME_CHANGES } from "./fold_names.js";
import { ROUND_CHANGES } from "./fold_rounds.js";
import { SAFETY_CHANGES, endBreak, isAction } from "./fold_safety.js";

export const MESSAGES_KEPT = 500;
export const MESSAGES_AT_MOST = 2000;
const ACTIONS_KEPT = 200;
const DROPPED_AFTER_MS = 15000;

const ACTIONS = new Set(
  "redacted report_resolved muted unmuted removed readmitted address_cleared door_set sent_back moderator_link_replaced knock_ended posting_stopped posting_resumed veiled unveiled pace_set role_changed extended helper_named held_resolved concern_resolved content_noted words_set direct_set".split(
    " ",
  ),
);

/** Of the knocks only those that were declined; not what goes along with another action. */
function isNoted(frame) {
  if (frame.along) return false;
  return ACTIONS.has(frame.event) && isAction(frame) && (frame.event !== "knock_ended" || frame.ending === "declined");
}

/** Whether the people of the room are hosts and moderators only, and `crowd` how many are here in all. */
export function isCrowded(room) {
  return room.crowd !== undefined;
}

function without(object, key) {
  const { [key]: gone, ...others } = object;
  return others;
}

function come(room, frame) {
  const { participant, nickname, role } = frame;
  const { helper } = room.people[participant] || { helper: "" };
  return came({ ...room, people: { ...room.people, [participant]: { nickname, role, here: true, helper } } }, frame);
}

function go(room, frame) {
  const { role } = room.people[frame.participant] || {};
  const gone = hostGone({ ...room, people: without(room.people, frame.participant) }, role, frame.at);
  return endBreak(went(gone, frame), frame);
}

function drop(room, { participant, at }) {
  const { role } = room.people[participant] || {};
  return hostGone(changePerson(room, participant, { here: false }), role, at - DROPPED_AFTER_MS);
}

/** From here on only hosts and moderators are listed, and how many are here is told. */
function becomeCrowded(room, { here }) {
  const listed = Object.entries(room.people).filter(([, { role }]) => role !== "participant");
  return { ...room, crowd: here, people: Object.fromEntries(listed) };
}

function changePerson(room, participant, change) {
  const person = room.people[participant];
  return person ? { ...room, people: { ...room.people, [participant]: { ...person, ...change } } } : room;
}

function changeMessage(room, id, change) {
  const isMeant = (one) => one.id === id && !one.gone;
  if (!room.messages.some(isMeant)) return room;
  return { ...room, messages: room.messages.map((one) => (isMeant(one) ? { ...one, ...change(one) } : one)) };
}

function isWordless({ text, gone, kind, veiled, reported }) {
  return !text && !gone && !veiled && !reported && kind !== "thanks";
}

function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change(room.desk) } } : room;
}

function changeReports(room, isMeant, change) {
  return changeDesk(room, ({ reports }) => ({
    reports: reports.map((report) => (isMeant(report) ? { ...report, ...change } : report)),
  }));
}

function post(room, frame) {
  const { id, at, by, nickname, role, text, origin_id, share, kind, name, topic } = frame;
  if (room.messages.some((one) => one.id === id)) return room;
  const said = { id, at, by, nickname, role, text, origin_id, share, kind, name, topic };
  const message = { ...said, veiled: false, reported: false, gone: "", reactions: {} };
  return wrote(read(heard(shorten({ ...room, messages: [...room.messages, message] }, MESSAGES_AT_MOST), frame), frame), frame);
}

/** Where a moderator took the words away, the name goes with them, but for who moderates. */
function erase(room, id, gone) {
  const nameless = gone === "redacted" && !room.desk ? { nickname: "" } : {};
  const empty = { text: "", name: "", topic: "", veiled: false, reported: false, gone, reactions: {}, ...nameless };
  const erased = changeMessage(room, id, () => empty);
  const mine = { ...erased, me: { ...erased.me, reactions: without(erased.me.reactions, id) } };
  return changeReports(mine, (report) => report.message === id, { text: "" });
}

function react(room, { message, reaction, count }) {
  return changeMessage(room, message, ({ reactions }) => ({
    reactions: count ? { ...reactions, [reaction]: count } : without(reactions, reaction),
  }));
}

function myReaction(room, { message, reaction, on }) {
  if (!room.messages.some(({ id, gone }) => id === message && !gone)) return room;
  const others = (room.me.reactions[message] || []).filter((name) => name !== reaction);
  const mine = on ? [...others, reaction].sort() : others;
  const rest = without(room.me.reactions, message);
  return { ...room, me: { ...room.me, reactions: mine.length ? { ...rest, [message]: mine } : rest } };
}

/** Who reported words does not see them any more; who moderates goes on reading. */
function myReport(room, { message }) {
  return room.desk ? room : changeMessage(room, message, () => ({ text: "", reported: true }));
}

function report(room, { report: id, message, participant, nickname, text, reason, words, at }) {
  const known = { report: id, message, participant, nickname, text, reason, words, at, claimed_by: "", outcome: "" };
  return changeDesk(room, ({ reports }) => ({
    reports: reports.some((other) => other.report === id) ? reports : [...reports, known],
  }));
}

function changeListed(room, { participant, nickname, role, here, helper }) {
  if (!isCrowded(room)) return changePerson(room, participant, { role });
  const others = without(room.people, participant);
  return { ...room, people: role === "participant" ? others : { ...others, [participant]: { nickname, role, here, helper } } };
}

function changeRole(room, frame) {
  const { participant, role } = frame;
  const listed = changeListed(room, frame);
  return role === "participant" ? endBreak(isParticipantNow(listed, participant), frame) : listed;
}

function changeRemoved(room, participant, change) {
  return changeDesk(room, ({ removed }) => {
    const others = without(removed, participant);
    return { removed: change ? { ...others, [participant]: { ...removed[participant], ...change } } : others };
  });
}

const CHANGES = {
  joined: come,
  returned: come,
  dropped: drop,
  left: go,
  crowded: becomeCrowded,
  crowd: (room, { here }) => ({ ...room, crowd: here }),
  message_posted: post,
  retracted: (room, { message }) => erase(room, message, "retracted"),
  redacted: (room, { message }) => erase(room, message, "redacted"),
  reacted: react,
  my_reaction: myReaction,
  my_report: myReport,
  reported: report,
  report_resolved: (room, { report: id, by, outcome }) =>
    changeReports(room, (one) => one.report === id, { claimed_by: by, outcome }),
  muted: (room, { participant, until, reason }) =>
    changeDesk(room, ({ muted }) => ({ muted: { ...muted, [participant]: { until, reason } } })),
  unmuted: (room, { participant }) => changeDesk(room, ({ muted }) => ({ muted: without(muted, participant) })),
  my_mute: (room, { until, reason }) => ({ ...room, me: { ...room.me, muted_until: until, mute_reason: reason } }),
  sent_back: go,
  removed: (room, frame) =>
    changeRemoved(go(room, frame), frame.participant, { nickname: frame.nickname, reason: frame.reason, address: true }),
  readmitted: (room, { participant }) => changeRemoved(room, participant, null),
  address_cleared: (room, { participant }) =>
    room.desk && room.desk.removed[participant] ? changeRemoved(room, participant, { address: false }) : room,
  role_changed: changeRole,
  ...NAME_CHANGES,
  ...COURSE_CHANGES,
  ...FLOOR_CHANGES,
  ...ROUND_CHANGES,
  ...LINE_CHANGES,
  ...SAFETY_CHANGES,
  ...DIRECT_CHANGES,
  ...DOOR_CHANGES,
};

function note(room, frame) {
  const { is, position, words, first, ...action } = frame;
  return changeDesk(room, ({ actions }) => ({
    actions: actions.some(({ id }) => id === action.id) ? actions : [...actions, action].slice(-ACTIONS_KEPT),
  }));
}

export function apply(room, frame) {
  const change = CHANGES[frame.event || frame.is];
  const changed = change ? change(room, frame) : room;
  return isNoted(frame) ? note(changed, frame) : changed;
}

/**
 * Puts the messages of an `earlier` frame before those that are there, and their words where they are lacking. Messages that are
 * newer than those that are there come as entries.
 */
export function addEarlier(room, { messages, reactions, more }) {
  const there = new Set(room.messages.map(({ id }) => id));
  const from = messages.findIndex(({ id }) => there.has(id));
  const older = from < 0 ? messages : messages.slice(0, from);
  const words = new Map(messages.map(({ id, text, name }) => [id, { text, name }]));
  const known = room.messages.map((one) => (isWordless(one) && words.has(one.id) ? { ...one, ...words.get(one.id) } : one));
  const me = { ...room.me, reactions: { ...reactions, ...room.me.reactions } };
  return { ...room, more: older.length || !messages.length ? more : room.more, me, messages: [...older, ...known] };
}

/**
 * The message before which to ask for earlier ones so that words come which this page was not given, as they were veiled: the id,
 * empty where the newest is such a one; undefined where none is lacking before the message `before`.
 */
export function afterWordless({ messages }, before = "") {
  const end = before ? messages.findIndex(({ id }) => id === before) : messages.length;
  const last = messages.slice(0, Math.max(end, 0)).map(isWordless).lastIndexOf(true);
  if (last < 0) return undefined;
  return last + 1 < messages.length ? messages[last + 1].id : "";
}

/** Lets go of the oldest messages; `earlier` brings them back. */
export function shorten(room, kept = MESSAGES_KEPT) {
  if (room.messages.length <= kept) return room;
  const messages = room.messages.slice(-kept);
  const left = new Set(messages.map(({ id }) => id));
  const mine = Object.entries(room.me.reactions).filter(([id]) => left.has(id));
  return { ...room, messages, more: true, me: { ...room.me, reactions: Object.fromEntries(mine) } };
}
