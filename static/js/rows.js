/**
 * What stands in the timeline, in order, as plain rows: days, notes, messages and one's own words on their way.
 *
 * A note gathers quietly who came and went between two messages. `gather(notes, frame, room) -> notes`: `room` is as it was
 * before the frame; a note is `{offset, open, came, went}` with the nicknames by participant. Who comes and goes again within
 * one note is not mentioned.
 *
 * `rowsOf({messages, me, notes, pending, dayOf, today})`: a row is `{key, kind, ...}`. A message row `follows` when the same
 * person goes on, so that it needs no name; it is a `reading` when it is a long text of the host, `sent` when it is the last
 * of one's own.
 */
const GOES_ON_MS = 120000;
const READING_CHARACTERS = 600;
const NONE = [];
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
  if (!person || frame.quiet || frame.participant === room.me.participant) return notes;
  return change(notes, frame, (note) => move(note, "came", "went", frame.participant, person.nickname));
}

function close(notes) {
  const last = notes[notes.length - 1];
  return last && last.open ? [...notes.slice(0, -1), { ...last, open: false }] : notes;
}

const GATHERED = { joined: came, returned: came, left: went, message_posted: close };

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
export function noteText(note) {
  const parts = [
    [Object.values(note.came), "came in"],
    [Object.values(note.went), "left"],
  ];
  const said = parts.filter(([names]) => names.length).map(([names, verb]) => `${listed(names)} ${verb}`);
  return said.join(". ");
}

function goesOn(before, message) {
  return Boolean(before) && before.by === message.by && before.role === message.role && message.at - before.at < GOES_ON_MS;
}

function isReading({ role, text }) {
  return role === "host" && text.length > READING_CHARACTERS;
}

function lastOf(messages, participant) {
  const mine = messages.filter(({ by, gone }) => by === participant && !gone);
  return mine.length ? mine[mine.length - 1].offset : 0;
}

export function rowsOf({ messages, me, notes, pending, dayOf, today }) {
  const rows = [];
  const waiting = notes.filter((note) => noteText(note));
  const lastSent = lastOf(messages, me.participant);
  let before = null;
  let day = today;

  function addNotes(until) {
    while (waiting.length && waiting[0].offset < until) {
      const note = waiting.shift();
      rows.push({ key: `note-${note.offset}`, kind: "note", text: noteText(note) });
      before = null;
    }
  }

  function addDay(at) {
    const next = dayOf(at);
    if (next === day) return;
    day = next;
    rows.push({ key: `day-${day}`, kind: "day", text: day });
    before = null;
  }

  for (const message of messages) {
    addNotes(message.offset);
    addDay(message.at);
    rows.push({
      key: `message-${message.offset}`,
      kind: "message",
      message,
      mine: me.reactions[message.offset] || NONE,
      follows: goesOn(before, message),
      reading: isReading(message),
      sent: message.offset === lastSent,
    });
    before = message;
  }
  addNotes(Infinity);
  for (const item of pending) {
    const follows = Boolean(before) && before.by === me.participant;
    rows.push({ key: `pending-${item.origin_id}`, kind: "pending", item, follows });
    before = { by: me.participant };
  }
  return rows;
}
