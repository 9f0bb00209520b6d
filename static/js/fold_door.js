/** The part of the fold about the door, the pace and the calm of the room, and the guard. room.js merges it. */

function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change(room.desk) } } : room;
}

function knock(room, { knock: id, nickname, at, cautions }) {
  return changeDesk(room, ({ knocks }) => ({
    knocks: knocks.some((one) => one.knock === id) ? knocks : [...knocks, { knock: id, nickname, at, cautions }],
  }));
}

function isUnder({ first, last }, { offset, role, gone }) {
  return first <= offset && offset <= last && role === "participant" && !gone;
}

/** Participants lose the words with the veil; who moderates goes on reading. */
function veil(room, { first, last }) {
  const all = { first: room.veil ? Math.min(room.veil.first, first) : first, last };
  const covered = room.desk ? { veiled: true } : { veiled: true, text: "" };
  const messages = room.messages.map((one) => (isUnder(all, one) ? { ...one, ...covered } : one));
  return { ...room, veil: all, messages };
}

/** Words that were lost with the veil come with `earlier`. */
function unveil(room) {
  return { ...room, veil: null, messages: room.messages.map((one) => (one.veiled ? { ...one, veiled: false } : one)) };
}

/** Someone said something: when one did so oneself last. */
export function wrote(room, { by, at }) {
  return by === room.me.participant ? { ...room, me: { ...room.me, posted_at: at } } : room;
}

export const DOOR_CHANGES = {
  door_set: (room, { door }) => ({ ...room, door }),
  knocked: knock,
  knock_ended: (room, { knock: id }) => changeDesk(room, ({ knocks }) => ({ knocks: knocks.filter((one) => one.knock !== id) })),
  posting_stopped: (room) => ({ ...room, posting_stopped: true }),
  posting_resumed: (room) => ({ ...room, posting_stopped: false }),
  veiled: veil,
  unveiled: unveil,
  pace_set: (room, { slow_seconds, listen_minutes, hold_new }) => ({ ...room, pace: { slow_seconds, listen_minutes, hold_new } }),
  unattended: (room) => ({ ...room, unattended: true }),
  attended: (room) => ({ ...room, unattended: false }),
  guard_raised: (room, { guard, signal, count, at }) => changeDesk(room, () => ({ guard: { guard, signal, count, at } })),
  guard_lowered: (room) => changeDesk(room, () => ({ guard: null })),
};
