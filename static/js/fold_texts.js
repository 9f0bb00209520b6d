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

function among(kept, said) {
  return said.every((one) => kept.has(one)) ? said : said.filter((one) => kept.has(one));
}

function notesAmong(kept, notes) {
  const left = Object.entries(notes).map(([id, some]) => [id, among(kept, some)]);
  return Object.fromEntries(left.filter(([, some]) => some.length));
}

/** The desk with the newest of all that moderators see: of lines, the channel and notes together. */
export function trimmed(desk) {
  const { lines, team, notes } = desk;
  const all = [lines.map(({ said }) => said), team, Object.values(notes)].flat(2).sort((a, b) => a.at - b.at);
  const kept = newest(all);
  if (kept.length === all.length) return desk;
  const left = new Set(kept);
  const shortened = lines.map((line) => ({ ...line, said: among(left, line.said) }));
  return { ...desk, lines: shortened, team: among(left, team), notes: notesAmong(left, notes) };
}
