/**
 * Readings of private lines, all pure. A line is one's own (its id is "") or, at the desk, that of someone else.
 *
 * `lineOf(room, id)`: `{id, nickname, open, claimed, isMine, said}`, null when there is none; `claimed` is the nickname of
 * who answers, `said` holds `{key, name, mine, at, text, origin_id}`. `unreadOf(said, seenAt)` counts the words of others since
 * one's own last words, or since `seenAt`.
 */
const GONE = "a moderator who left";

function mineOf({ me }) {
  const { open, claimed_by_nickname: claimed, said } = me.line;
  const words = said.map((one) => ({ ...one, key: `${one.nickname}-${one.origin_id}`, name: one.mine ? "You" : one.nickname }));
  return { id: "", nickname: me.nickname, open, claimed, isMine: true, said: words };
}

function otherOf(room, { line, nickname, open, claimed_by: claimedBy, said }) {
  const { me, people } = room;
  const claimer = people[claimedBy] ? people[claimedBy].nickname : GONE;
  const words = said.map(({ at, by, by_nickname: name, text, origin_id }) => ({
    ...{ key: `${by}-${origin_id}`, mine: by === me.participant, name: by === me.participant ? "You" : name },
    ...{ at, text, origin_id },
  }));
  const claimed = claimedBy ? (claimedBy === me.participant ? "You" : claimer) : "";
  const at = said.length ? said[said.length - 1].at : 0;
  return { id: line, nickname, open, claimed, claimedBy, at, isMine: false, said: words };
}

export function lineOf(room, id) {
  if (!id) return room.me.line ? mineOf(room) : null;
  const line = room.desk && room.desk.lines.find((one) => one.line === id);
  return line ? otherOf(room, line) : null;
}

/** The lines of others, those nobody answers first, closed ones last. */
export function linesOf(room) {
  if (!room.desk) return [];
  const lines = room.desk.lines.filter(({ line }) => line !== room.me.participant).map((line) => otherOf(room, line));
  const rank = ({ open, claimed }) => (open ? (claimed ? 1 : 0) : 2);
  return lines.sort((a, b) => rank(a) - rank(b));
}

export function unreadOf(said, seenAt) {
  const own = said.reduce((last, { mine, at }) => (mine ? at : last), 0);
  return said.filter(({ mine, at }) => !mine && at > Math.max(own, seenAt)).length;
}

function hasModerator({ people, me }) {
  return Object.entries(people).some(([id, { role, here }]) => role !== "participant" && here && id !== me.participant);
}

/** One's own line before it is there. */
export const NO_LINE = { id: "", nickname: "", open: false, claimed: "", isMine: true, said: [] };

/** What is said while the call for support is on its way. */
export function callingText(connected) {
  if (connected) return "Calling the moderators.";
  return "There is no connection at this moment. Your call goes out as soon as you are back. The lines below are there now.";
}

/** What a line says of itself, to its owner or to a moderator. */
export function stateOf(room, { open, claimed, nickname, isMine }) {
  if (!isMine) {
    if (!open) return `The line with ${nickname} is closed.`;
    if (claimed === "You") return `You are with ${nickname}.`;
    return claimed ? `${claimed} is with ${nickname}.` : `Nobody is with ${nickname} yet.`;
  }
  if (!open) return "This line is closed. You can open it again at any time.";
  if (claimed) return `${claimed} is with you.`;
  if (hasModerator(room)) return "The moderators see that you are asking. You can write already; only you and they see it.";
  return "No moderator is here at this moment. They see this as soon as one comes back. The lines below are there now.";
}
