/** The part of the fold about private lines: one's own, and at the desk all of them. room.js merges it. */
import { newest, trimmed } from "./fold_texts.js";

function append(said, one, isSame) {
  return said.some(isSame) ? said : [...said, one];
}

function changeMine(room, changed) {
  const line = room.me.line || { open: false, claimed_by_nickname: "", said: [] };
  return { ...room, me: { ...room.me, line: { ...line, ...changed(line) } } };
}

const KEPT = 50;

/** Of those who have left only the newest lines that are closed are kept. */
function withoutOldest(room) {
  if (!room.desk) return room;
  const closed = room.desk.lines.filter((one) => !one.open && !room.people[one.line]);
  const gone = new Set(closed.slice(0, Math.max(0, closed.length - KEPT)));
  return gone.size ? { ...room, desk: { ...room.desk, lines: room.desk.lines.filter((one) => !gone.has(one)) } } : room;
}

function changeLine(room, id, changed) {
  if (!room.desk) return room;
  const lines = room.desk.lines.map((one) => (one.line === id ? { ...one, ...changed(one) } : one));
  return { ...room, desk: { ...room.desk, lines } };
}

function open(room, { line, nickname }) {
  if (!room.desk) return room;
  const { lines } = room.desk;
  if (lines.some((one) => one.line === line)) return changeLine(room, line, () => ({ open: true, claimed_by: "" }));
  const opened = { line, nickname, open: true, claimed_by: "", said: [] };
  return { ...room, desk: { ...room.desk, lines: [...lines, opened] } };
}

function say(room, { line, id, at, by, by_nickname, text, origin_id }) {
  const one = { id, at, by, by_nickname, text, origin_id };
  const changed = changeLine(room, line, ({ said }) => ({ said: append(said, one, (other) => other.id === id) }));
  return changed.desk ? { ...changed, desk: trimmed(changed.desk) } : changed;
}

export const LINE_CHANGES = {
  line_opened: (room, frame) => withoutOldest(open(room, frame)),
  line_said: say,
  line_claimed: (room, { line, by }) => changeLine(room, line, () => ({ claimed_by: by })),
  line_closed: (room, { line }) => withoutOldest(changeLine(room, line, () => ({ open: false }))),
  my_line: (room, { open: isOpen, claimed_by_nickname }) => changeMine(room, () => ({ open: isOpen, claimed_by_nickname })),
  my_line_said: (room, { at, mine, nickname, text, origin_id }) =>
    changeMine(room, ({ said }) => ({
      said: newest(
        append(said, { at, mine, nickname, text, origin_id }, (other) =>
          other.origin_id === origin_id && other.mine === mine && other.nickname === nickname),
      ),
    })),
};
