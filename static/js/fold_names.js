/**
 * The part of the fold about names: where two histories were joined, two people may have had one. room.js merges it.
 *
 * What was said keeps the name it was said under.
 */
function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change(room.desk) } } : room;
}

function renameInTalks(room, participant, nickname) {
  const talk = room.me.direct[participant];
  return talk ? { ...room, me: { ...room.me, direct: { ...room.me.direct, [participant]: { ...talk, nickname } } } } : room;
}

/** A message that was erased is listed with the name that stands beside it. */
function renamedAction(action, participant, nickname) {
  const did = action.by === participant ? { by_nickname: nickname } : {};
  const isAbout = action.participant === participant && action.event !== "redacted";
  return { ...action, ...did, ...(isAbout ? { nickname } : {}) };
}

function renameAtDesk(room, named, participant, nickname) {
  return changeDesk(room, ({ reports, held, concerns, lines, actions }) => ({
    reports: reports.map((one) => (one.message ? one : named(one))),
    held: held.map(named),
    concerns: concerns.map(named),
    lines: lines.map((one) => (one.line === participant ? { ...one, nickname } : one)),
    actions: actions.map((one) => renamedAction(one, participant, nickname)),
  }));
}

function rename(room, { participant, nickname }) {
  const named = (one) => (one.participant === participant ? { ...one, nickname } : one);
  const person = room.people[participant];
  const people = person ? { ...room.people, [participant]: { ...person, nickname } } : room.people;
  const holder = room.floor.holder === participant ? { nickname } : {};
  const floor = { ...room.floor, ...holder, queue: room.floor.queue.map(named) };
  return renameAtDesk(renameInTalks({ ...room, people, floor }, participant, nickname), named, participant, nickname);
}

export const NAME_CHANGES = {
  renamed: rename,
  my_name: (room, { nickname }) => ({ ...room, me: { ...room.me, nickname } }),
};
