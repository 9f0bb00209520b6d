/**
 * The room as this person may see it: the same fold as the server's, over `entry` and `personal` frames.
 *
 * `apply(room, frame) -> room`. Nothing here touches the page, the network or a clock. Nothing is changed in place: a part of
 * the room that is still the same object has not changed. Applying a frame twice is harmless. docs/protocol.md names every
 * field.
 */
export const MESSAGES_KEPT = 500;
export const MESSAGES_AT_MOST = 2000;
const ACTIONS_KEPT = 1000;

const ACTIONS = new Set(
  "redacted report_resolved muted unmuted removed readmitted address_cleared locked unlocked role_changed extended".split(" "),
);

function without(object, key) {
  const { [key]: gone, ...others } = object;
  return others;
}

function come(room, { participant, nickname, role }) {
  return { ...room, people: { ...room.people, [participant]: { nickname, role, here: true } } };
}

function go(room, { participant }) {
  return { ...room, people: without(room.people, participant) };
}

function changePerson(room, participant, change) {
  const person = room.people[participant];
  return person ? { ...room, people: { ...room.people, [participant]: { ...person, ...change } } } : room;
}

function changeMessage(room, offset, change) {
  const isMeant = (one) => one.offset === offset && !one.gone;
  if (!room.messages.some(isMeant)) return room;
  return { ...room, messages: room.messages.map((one) => (isMeant(one) ? { ...one, ...change(one) } : one)) };
}

function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change(room.desk) } } : room;
}

function changeReports(room, isMeant, change) {
  return changeDesk(room, ({ reports }) => ({
    reports: reports.map((report) => (isMeant(report) ? { ...report, ...change } : report)),
  }));
}

function post(room, { offset, at, by, nickname, role, text, origin_id }) {
  const last = room.messages[room.messages.length - 1];
  if (last && last.offset >= offset) return room;
  const message = { offset, at, by, nickname, role, text, origin_id, gone: "", reactions: {} };
  return shorten({ ...room, messages: [...room.messages, message] }, MESSAGES_AT_MOST);
}

function erase(room, offset, gone) {
  const erased = changeMessage(room, offset, () => ({ text: "", gone, reactions: {} }));
  const mine = { ...erased, me: { ...erased.me, reactions: without(erased.me.reactions, offset) } };
  return changeReports(mine, (report) => report.message === offset, { text: "" });
}

function react(room, { message, reaction, count }) {
  return changeMessage(room, message, ({ reactions }) => ({
    reactions: count ? { ...reactions, [reaction]: count } : without(reactions, reaction),
  }));
}

function myReaction(room, { message, reaction, on }) {
  if (!room.messages.some(({ offset, gone }) => offset === message && !gone)) return room;
  const others = (room.me.reactions[message] || []).filter((name) => name !== reaction);
  const mine = on ? [...others, reaction].sort() : others;
  const rest = without(room.me.reactions, message);
  return { ...room, me: { ...room.me, reactions: mine.length ? { ...rest, [message]: mine } : rest } };
}

function report(room, { report: id, message, participant, nickname, text, reason, words, at }) {
  const known = { report: id, message, participant, nickname, text, reason, words, at, claimed_by: "", outcome: "" };
  return changeDesk(room, ({ reports }) => ({
    reports: reports.some((other) => other.report === id) ? reports : [...reports, known],
  }));
}

function changeRole(room, { participant, role }) {
  const changed = changePerson(room, participant, { role });
  if (participant !== room.me.participant) return changed;
  const mine = { ...changed, me: { ...room.me, role } };
  return role === "participant" ? without(mine, "desk") : mine;
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
  dropped: (room, { participant }) => changePerson(room, participant, { here: false }),
  left: go,
  message_posted: post,
  retracted: (room, { message }) => erase(room, message, "retracted"),
  redacted: (room, { message }) => erase(room, message, "redacted"),
  reacted: react,
  my_reaction: myReaction,
  reported: report,
  report_claimed: (room, { report: id, by }) => changeReports(room, (one) => one.report === id, { claimed_by: by }),
  report_resolved: (room, { report: id, by, outcome }) =>
    changeReports(room, (one) => one.report === id, { claimed_by: by, outcome }),
  muted: (room, { participant, until, reason }) =>
    changeDesk(room, ({ muted }) => ({ muted: { ...muted, [participant]: { until, reason } } })),
  unmuted: (room, { participant }) => changeDesk(room, ({ muted }) => ({ muted: without(muted, participant) })),
  my_mute: (room, { until, reason }) => ({ ...room, me: { ...room.me, muted_until: until, mute_reason: reason } }),
  removed: (room, frame) =>
    changeRemoved(go(room, frame), frame.participant, { nickname: frame.nickname, reason: frame.reason, address: true }),
  readmitted: (room, { participant }) => changeRemoved(room, participant, null),
  address_cleared: (room, { participant }) =>
    room.desk && room.desk.removed[participant] ? changeRemoved(room, participant, { address: false }) : room,
  locked: (room) => ({ ...room, locked: true }),
  unlocked: (room) => ({ ...room, locked: false }),
  role_changed: changeRole,
  extended: (room, { ends_at }) => ({ ...room, ends_at }),
};

function note(room, frame) {
  const { is, nonce, ...action } = frame;
  return changeDesk(room, ({ actions }) => ({
    actions: actions.some(({ offset }) => offset === action.offset) ? actions : [...actions, action].slice(-ACTIONS_KEPT),
  }));
}

export function apply(room, frame) {
  const change = CHANGES[frame.event];
  const changed = change ? change(room, frame) : room;
  return ACTIONS.has(frame.event) ? note(changed, frame) : changed;
}

/** Puts the messages of an `earlier` frame before those that are there. */
export function addEarlier(room, { messages, reactions, more }) {
  const first = room.messages.length ? room.messages[0].offset : Infinity;
  const older = messages.filter(({ offset }) => offset < first);
  const me = { ...room.me, reactions: { ...reactions, ...room.me.reactions } };
  return { ...room, more, me, messages: [...older, ...room.messages] };
}

/** Lets go of the oldest messages; `earlier` brings them back. */
export function shorten(room, kept = MESSAGES_KEPT) {
  if (room.messages.length <= kept) return room;
  const messages = room.messages.slice(-kept);
  const first = messages[0].offset;
  const mine = Object.entries(room.me.reactions).filter(([offset]) => Number(offset) >= first);
  return { ...room, messages, more: true, me: { ...room.me, reactions: Object.fromEntries(mine) } };
}
