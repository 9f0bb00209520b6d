/** The part of the fold about the door, the pace and the calm of the room, and the guard. room.js merges it. */

function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change(room.desk) } } : room;
}

function knock(room, { knock: id, nickname, at, cautions }) {
  return changeDesk(room, ({ knocks }) => ({
    knocks: knocks.some((one) => one.knock === id) ? knocks : [...knocks, { knock: id, nickname, at, cautions }],
  }));
}

/** From where on messages are covered: from the first on where `first` is before all that are here. */
function coveredFrom(messages, first) {
  return first ? Math.max(messages.findIndex(({ id }) => id === first), 0) : messages.length;
}

/** Participants lose the words with the veil; who moderates goes on reading. */
function veil(room, { first }) {
  const from = coveredFrom(room.messages, first);
  const covered = room.desk ? { veiled: true } : { veiled: true, text: "" };
  const isUnder = ({ role, gone }, index) => index >= from && role === "participant" && !gone;
  const messages = room.messages.map((one, index) => (isUnder(one, index) ? { ...one, ...covered } : one));
  return { ...room, veil: true, messages };
}

/** Words that were lost with the veil come with `earlier`. */
function unveil(room) {
  return { ...room, veil: false, messages: room.messages.map((one) => (one.veiled ? { ...one, veiled: false } : one)) };
}

/** Someone said something: when one did so oneself last. */
export function wrote(room, { by, at }) {
  return by === room.me.participant ? { ...room, me: { ...room.me, posted_at: at } } : room;
}

export const DOOR_CHANGES = {
  door_set: (room, { door }) => ({ ...room, door }),
  knocked: knock,
  knock_ended: (room, { knock: id }) => changeDesk(room, ({ knocks }) => ({ knocks: knocks.filter((one) => one.knock !== id) })),
  moderator_link_replaced: (room, { works }) => changeDesk(room, () => ({ moderator_link: works })),
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
