/**
 * Who came and went, gathered quietly: one line between two messages.
 *
 * `gather(notes, frame, room) -> notes`: `room` is as it was before the frame. A note is `{offset, open, came, went}` with the
 * nicknames by participant. Who comes and goes again within one note is not mentioned.
 */
const NAMES_SHOWN = 2;
const NOTES_KEPT = 100;

function without(names, participant) {
  const { [participant]: gone, ...others } = names;
  return others;
}

function move(note, from, to, participant, nickname) {
  if (participant in note[from]) return { ...note, [from]: without(note[from], participant) };
  return { ...note, [to]: { ...note[to], [participant]: nickname } };
}

function change(notes, { offset }, update) {
  const last = notes[notes.length - 1];
  if (last && last.open) return [...notes.slice(0, -1), update(last)];
  return [...notes, update({ offset, open: true, came: {}, went: {} })].slice(-NOTES_KEPT);
}

function came(notes, frame, room) {
  const { participant, nickname } = frame;
  if (participant === room.me.participant || room.people[participant]) return notes;
  return change(notes, frame, (note) => move(note, "went", "came", participant, nickname));
}

function went(notes, frame, room) {
  const person = room.people[frame.participant];
  if (!person || frame.participant === room.me.participant) return notes;
  return change(notes, frame, (note) => move(note, "came", "went", frame.participant, person.nickname));
}

function close(notes) {
  const last = notes[notes.length - 1];
  return last && last.open ? [...notes.slice(0, -1), { ...last, open: false }] : notes;
}

const GATHERED = { joined: came, returned: came, left: went, removed: went, message_posted: close };

export function gather(notes, frame, room) {
  const step = GATHERED[frame.event];
  return step ? step(notes, frame, room) : notes;
}

function listed(names) {
  const shown = names.slice(0, NAMES_SHOWN);
  const others = names.length - shown.length;
  if (others === 1) return [shown.join(", "), names[NAMES_SHOWN]].join(" and ");
  if (others) return `${shown.join(", ")} and ${others} others`;
  return shown.join(" and ");
}

/** "Maple, River and 3 others came in. Fern left." Empty when there is nothing to say. */
export function sentenceOf(note) {
  const parts = [
    [Object.values(note.came), "came in"],
    [Object.values(note.went), "left"],
  ];
  const said = parts.filter(([names]) => names.length).map(([names, verb]) => `${listed(names)} ${verb}`);
  return said.join(". ");
}
