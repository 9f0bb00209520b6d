/** The people of a room in the order they are listed: hosts, moderators, others by name. */
import { isCrowded } from "./room.js";

export const NOBODY = {};
const RANKS = { host: 0, moderator: 1, participant: 2 };
const { compare } = new Intl.Collator();

/** `listed` are more people: what is known of the others in a crowded room. */
export function peopleOf(room, listed = NOBODY) {
  return Object.entries({ ...listed, ...room.people })
    .map(([id, person]) => ({ id, ...person, me: id === room.me.participant }))
    .sort((a, b) => RANKS[a.role] - RANKS[b.role] || compare(a.nickname, b.nickname));
}

/** How many are here, and how many have a seat. */
export function countsOf(room) {
  if (isCrowded(room)) return { here: room.crowd, seated: room.crowd };
  const people = Object.values(room.people);
  return { here: people.filter(({ here }) => here).length, seated: people.length };
}

/** Whether one's own role is above another's: the server decides, this only hides what it would refuse. */
export function isAbove(role, other) {
  return RANKS[role] < RANKS[other];
}
