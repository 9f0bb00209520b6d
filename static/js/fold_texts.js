/** How many private texts are kept: the newest, each counted as its code points and 50 more. room.js merges the folds that use it. */
const KEPT = 24000;
const OVERHEAD = 50;

/** The newest of what was said, the oldest first. */
export function newest(said) {
  let left = KEPT;
  let first = said.length;
  while (first && (left -= [...said[first - 1].text].length + OVERHEAD) >= 0) first -= 1;
  return said.slice(first);
}

function since(said, offset) {
  return said[0] && said[0].offset < offset ? said.filter((one) => one.offset >= offset) : said;
}

function notesSince(notes, offset) {
  const kept = Object.entries(notes).map(([id, some]) => [id, since(some, offset)]);
  return Object.fromEntries(kept.filter(([, some]) => some.length));
}

/** The desk with the newest of all that moderators see: of lines, the channel and notes together. */
export function trimmed(desk) {
  const { lines, team, notes } = desk;
  const all = [lines.map(({ said }) => said), team, Object.values(notes)].flat(2).sort((a, b) => a.offset - b.offset);
  const kept = newest(all);
  if (kept.length === all.length) return desk;
  const { offset } = kept[0];
  const shortened = lines.map((line) => ({ ...line, said: since(line.said, offset) }));
  return { ...desk, lines: shortened, team: since(team, offset), notes: notesSince(notes, offset) };
}
