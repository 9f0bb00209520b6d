/** The part of the fold about the floor: who has it, and the queue. room.js merges it. */
const FREE = {
  holder: "", nickname: "", share: "", since_at: 0, paused_at: 0, paused_ms: 0, share_ms: 0, typing_at: 0, posted_at: 0,
};

/** One's own share, with an empty field and no question. */
const SILENT = { holds_words: false, asked: false };

function changeFloor(room, change) {
  return { ...room, floor: { ...room.floor, ...change } };
}

function changeIfHolder(room, participant, change) {
  return room.floor.holder === participant ? changeFloor(room, change) : room;
}

function changeMe(room, participant, change) {
  return participant === room.me.participant ? { ...room, me: { ...room.me, ...change } } : room;
}

/** Where two histories were joined, the floor may be someone else's. */
function changeIfMine(room, change) {
  return room.floor.holder === room.me.participant ? changeMe(room, room.floor.holder, change) : room;
}

function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change } } : room;
}

function isUp(room, participant) {
  return room.floor.queue.some((hand) => hand.participant === participant);
}

function others(room, participant) {
  return room.floor.queue.filter((hand) => hand.participant !== participant);
}

function insert(queue, place, hand) {
  return [...queue.slice(0, place), hand, ...queue.slice(place)];
}

function raise(room, { participant, nickname, place, reason, words }) {
  if (isUp(room, participant)) return room;
  const changed = changeFloor(room, { queue: insert(room.floor.queue, place, { participant, nickname }) });
  return room.desk ? changeDesk(changed, { hands: { ...room.desk.hands, [participant]: { reason, words } } }) : changed;
}

function lower(room, { participant }) {
  if (!isUp(room, participant)) return room;
  const changed = changeFloor(room, { queue: others(room, participant) });
  if (!room.desk) return changed;
  const { [participant]: gone, ...hands } = room.desk.hands;
  return changeDesk(changed, { hands });
}

function move(room, { participant, place }) {
  const hand = room.floor.queue.find((one) => one.participant === participant);
  return hand ? changeFloor(room, { queue: insert(others(room, participant), place, hand) }) : room;
}

/** Where two histories were joined, someone may have the floor: they keep it, and the other one is next. */
function isNext(room, { participant, nickname }) {
  if (room.floor.holder === participant) return room;
  const hand = room.floor.queue.find((one) => one.participant === participant) || { participant, nickname };
  const changed = changeFloor(room, { queue: [hand, ...others(room, participant)] });
  if (!room.desk) return changed;
  const why = room.desk.hands[participant] || { reason: "", words: "" };
  return changeDesk(changed, { hands: { ...room.desk.hands, [participant]: why } });
}

function give(room, frame) {
  if (room.floor.holder) return isNext(room, frame);
  const { id, at, participant, nickname, share_ms } = frame;
  const given = changeFloor(lower(room, { participant }), {
    ...FREE, holder: participant, nickname, share: id, since_at: at, share_ms,
  });
  return changeMe(given, participant, { ...SILENT, unfinished: false });
}

function release(room, { participant }) {
  if (room.floor.holder !== participant) return lower(room, { participant });
  return changeMe(changeFloor(room, FREE), participant, SILENT);
}

function resume(room, { participant, at }) {
  const { paused_at, paused_ms } = room.floor;
  if (!paused_at || room.floor.holder !== participant) return room;
  const resumed = changeFloor(room, { paused_at: 0, paused_ms: paused_ms + at - paused_at });
  return changeMe(resumed, participant, { asked: false });
}

/** Something was said: it may belong to the share under way. A share counts from its first message. */
export function heard(room, { by, at, share }) {
  const finished = changeMe(room, by, { unfinished: false });
  if (!share || share !== room.floor.share) return finished;
  const shared = room.me.shared + (room.floor.posted_at ? 0 : 1);
  return changeFloor(changeMe(finished, by, { ...SILENT, shared }), { posted_at: at });
}

export const FLOOR_CHANGES = {
  hand_raised: raise,
  hand_lowered: lower,
  hand_moved: move,
  queue_closed: (room) => changeFloor(room, { queue_closed: true }),
  queue_opened: (room) => changeFloor(room, { queue_closed: false }),
  floor_given: give,
  floor_released: release,
  floor_paused: (room, { participant, since }) =>
    room.floor.paused_at ? room : changeIfHolder(room, participant, { paused_at: since }),
  floor_resumed: resume,
  invited: (room, { participant }) => (room.desk && !room.desk.invited ? changeDesk(room, { invited: participant }) : room),
  invitation_ended: (room, { participant }) =>
    room.desk && room.desk.invited === participant ? changeDesk(room, { invited: "" }) : room,
  my_invitation: (room, { on }) => ({ ...room, me: { ...room.me, invited: on } }),
  my_words: (room, { on }) => changeIfMine(room, { holds_words: on, asked: false }),
  my_question: (room, { on }) => changeIfMine(room, { asked: on }),
  my_unfinished: (room) => ({ ...room, me: { ...room.me, unfinished: true } }),
  typing: (room, { participant, at }) => changeIfHolder(room, participant, { typing_at: at }),
  floor_set: (room, { share_minutes, first_shares_first, call_each, protect_minutes }) =>
    changeFloor(room, { share_minutes, first_shares_first, call_each, protect_minutes }),
};
