/** The part of the fold about private lines: one's own, and at the desk all of them. room.js merges it. */
const WORDS_KEPT = 200;

function append(said, one, isSame) {
  return said.some((other) => other.origin_id === one.origin_id && isSame(other)) ? said : [...said, one].slice(-WORDS_KEPT);
}

function changeMine(room, changed) {
  const line = room.me.line || { open: false, claimed_by_nickname: "", said: [] };
  return { ...room, me: { ...room.me, line: { ...line, ...changed(line) } } };
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

export const LINE_CHANGES = {
  line_opened: open,
  line_said: (room, { line, at, by, by_nickname, text, origin_id }) =>
    changeLine(room, line, ({ said }) => ({
      said: append(said, { at, by, by_nickname, text, origin_id }, (other) => other.by === by),
    })),
  line_claimed: (room, { line, by }) => changeLine(room, line, () => ({ claimed_by: by })),
  line_closed: (room, { line }) => changeLine(room, line, () => ({ open: false })),
  my_line: (room, { open: isOpen, claimed_by_nickname }) => changeMine(room, () => ({ open: isOpen, claimed_by_nickname })),
  my_line_said: (room, { at, mine, nickname, text, origin_id }) =>
    changeMine(room, ({ said }) => ({
      said: append(said, { at, mine, nickname, text, origin_id }, (other) => other.mine === mine && other.nickname === nickname),
    })),
};
