/** The people of a room in the order they are listed: hosts, moderators, others by name. */
const RANKS = { host: 0, moderator: 1, participant: 2 };
const { compare } = new Intl.Collator();

export function peopleOf(room) {
  return Object.entries(room.people)
    .map(([id, person]) => ({ id, ...person, me: id === room.me.participant }))
    .sort((a, b) => RANKS[a.role] - RANKS[b.role] || compare(a.nickname, b.nickname));
}

export function moderates(room) {
  return room.me.role !== "participant";
}

/** Whether one's own role is above another's: the server decides, this only hides what it would refuse. */
export function isAbove(role, other) {
  return RANKS[role] < RANKS[other];
}
