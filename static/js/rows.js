/**
 * What stands in the timeline, in order, as plain rows: days, notes, messages and one's own words on their way.
 *
 * A note gathers quietly who came and went between two messages, or tells the phase. `gather(notes, frame, room) -> notes`:
 * `room` is as it was before the frame; a note is `{id, after, open, came, went}` with the nicknames by participant, or
 * `{id, after, text}`; it stands after the message `after`. Who comes and goes again within one note is not mentioned.
 *
 * `rowsOf({messages, me, notes, pending, floor, typing, dayOf, today, sight})`: a row is `{key, kind, ...}`. `sight` is that of
 * sight.js: a quiet line stands for what it hushes. A message row `follows`
 * when the same person goes on, so that it needs no name; `share` is "lit" while its share goes on, "past" after it, else ""; a
 * share that is over ends with a row "done", one that goes on with a row "live", and `last` is where its block ends. A
 * `reading` is set as such; `sent` is the last of one's own; `cover` is the topic the words are covered for.
 */
import { isolate } from "./direction.js";

const GOES_ON_MS = 120000;
const READING_CHARACTERS = 600;
const NONE = [];
const NAMES_SHOWN = 2;
const NOTES_KEPT = 100;
export const HUSHED = {
  hidden: () => "Words by someone you hid.",
  veiled: () => "The words of the last minute are covered for a moment.",
  reported: () => "You reported this, so you don't see it any more.",
  redacted: (count) => `A moderator took ${count === 1 ? "this message" : `${count} messages`} away.`,
  taken: (count) => `A moderator took ${count === 1 ? "your message" : `${count} of your messages`} away.`,
};

function without(names, participant) {
  const { [participant]: gone, ...others } = names;
  return others;
}

function move(note, from, to, participant, nickname) {
  if (participant in note[from]) return { ...note, [from]: without(note[from], participant) };
  return { ...note, [to]: { ...note[to], [participant]: nickname } };
}

/** A note that begins with this frame, after the last message. */
function begin({ id }, { messages }) {
  return { id, after: messages.length ? messages[messages.length - 1].id : "" };
}

function change(notes, frame, room, update) {
  const last = notes[notes.length - 1];
  if (last && last.open) return [...notes.slice(0, -1), update(last)];
  return [...notes, update({ ...begin(frame, room), open: true, came: {}, went: {} })].slice(-NOTES_KEPT);
}

function came(notes, frame, room) {
  const { participant, nickname } = frame;
  if (participant === room.me.participant || room.people[participant]) return notes;
  return change(notes, frame, room, (note) => move(note, "went", "came", participant, nickname));
}

/** Who left quietly, or was removed, is not named any more, also where it says that they came. */
function forget(notes, participant) {
  const isNamed = (note) => note.came && participant in note.came;
  return notes.map((note) => (isNamed(note) ? { ...note, came: without(note.came, participant) } : note));
}

function went(notes, frame, room) {
  const person = room.people[frame.participant];
  if (!person || frame.participant === room.me.participant) return notes;
  if (frame.quiet) return forget(notes, frame.participant);
  return change(notes, frame, room, (note) => move(note, "came", "went", frame.participant, person.nickname));
}

function close(notes) {
  const last = notes[notes.length - 1];
  return last && last.open ? [...notes.slice(0, -1), { ...last, open: false }] : notes;
}

function tell(words) {
  return (notes, frame, room) => {
    const text = words(frame);
    return text ? [...close(notes), { ...begin(frame, room), text }].slice(-NOTES_KEPT) : notes;
  };
}

function renamed(notes, frame, room) {
  const { participant, nickname } = frame;
  const mine = `Someone here had the same name as you. You are now called ${nickname}; your messages are still yours.`;
  const other = `Two people had the same name. One of them is now called ${nickname}.`;
  return tell(() => (participant === room.me.participant ? mine : other))(notes, frame, room);
}

const GATHERED = {
  joined: came,
  returned: came,
  left: went,
  message_posted: close,
  renamed,
  phase_started: tell(({ title }) => title),
  topic_set: tell(({ topic }) => topic && `Topic: ${isolate(topic)}`),
  fellowship_began: tell(() => "The meeting is over. Stay as long as you like; everyone can write."),
  chair_taken: tell(({ nickname }) => `${nickname} takes the chair while the host is away.`),
};

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
  if (note.text) return note.text;
  const parts = [
    [Object.values(note.came), "came in"],
    [Object.values(note.went), "left"],
  ];
  const said = parts.filter(([names]) => names.length).map(([names, verb]) => `${listed(names)} ${verb}`);
  return said.join(". ");
}

function isReading({ kind, role, text }) {
  return kind === "reading" || (role === "host" && text.length > READING_CHARACTERS);
}

/** Readings, chips and thanks stand for themselves. */
function standsAlone(message) {
  return Boolean(message.name) || isReading(message);
}

function goesOn(before, message) {
  if (!before || before.by !== message.by || before.role !== message.role) return false;
  if (before.share || message.share) return before.share === message.share;
  return message.at - before.at < GOES_ON_MS && !standsAlone(message) && !standsAlone(before);
}

function lastOf(messages, participant) {
  const mine = messages.filter(({ by, gone }) => by === participant && !gone);
  return mine.length ? mine[mine.length - 1].id : "";
}

/** The ids of the last messages of shares that are over. */
function endsOf(messages, running) {
  const last = new Map(messages.filter(({ share }) => share && share !== running).map(({ share, id }) => [share, id]));
  return new Set(last.values());
}

/** The last row of a share that goes on: nothing while its words speak for themselves. */
function liveRow({ share, nickname }, messages, typing) {
  const silent = !messages.some((message) => message.share === share);
  if (!silent && !typing) return [];
  return [{ key: `live-${share}`, kind: "live", share: "lit", follows: !silent, nickname, typing }];
}

export function rowsOf({ messages, me, notes, pending, floor, typing, dayOf, today, sight }) {
  const rows = [];
  const waiting = notes.filter((note) => noteText(note));
  const lastSent = lastOf(messages, me.participant);
  const running = floor && floor.holder ? floor.share : "";
  const isMine = Boolean(running) && floor.holder === me.participant;
  const ends = endsOf(messages.filter((message) => !sight.hushOf(message, me)), running);
  const places = new Map(messages.map(({ id }, index) => [id, index]));
  let before = null;
  let day = today;

  /** Those that stand before the message at this place; first of all those after one that is not here any more. */
  function addNotes(place) {
    while (waiting.length && !(places.get(waiting[0].after) >= place)) {
      const note = waiting.shift();
      rows.push({ key: `note-${note.id}`, kind: note.text ? "phase" : "note", text: noteText(note) });
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

  /** One line for all that stands together. */
  function addHushed(hush, { id }) {
    const last = rows[rows.length - 1];
    if (!last || last.hush !== hush) rows.push({ key: `hush-${id}`, kind: "note", hush, count: 1, text: HUSHED[hush](1) });
    else rows[rows.length - 1] = { ...last, count: last.count + 1, text: HUSHED[hush](last.count + 1) };
    before = null;
  }

  function addMessage(message) {
    rows.push({
      key: `message-${message.id}`,
      kind: "message",
      message,
      mine: me.reactions[message.id] || NONE,
      follows: goesOn(before, message),
      reading: isReading(message),
      share: message.share ? (message.share === running ? "lit" : "past") : "",
      sent: message.id === lastSent,
      cover: sight.coverOf(message, me),
    });
    before = message;
  }

  for (const [place, message] of messages.entries()) {
    addNotes(place);
    addDay(message.at);
    const hush = sight.hushOf(message, me);
    if (hush) {
      addHushed(hush, message);
      continue;
    }
    addMessage(message);
    if (!ends.has(message.id)) continue;
    const text = `${message.nickname} has shared`;
    rows.push({ key: `done-${message.share}`, kind: "done", share: "past", follows: true, text });
    before = null;
  }
  addNotes(Infinity);
  if (running && !isMine && !sight.hushOf({ by: floor.holder }, me)) rows.push(...liveRow(floor, messages, typing));
  for (const item of pending) {
    const follows = Boolean(before) && before.by === me.participant && (before.share || "") === (isMine ? running : "");
    rows.push({ key: `pending-${item.origin_id}`, kind: "pending", item, follows, share: isMine ? "lit" : "" });
    before = { by: me.participant, share: isMine ? running : "" };
  }
  const goesOnAt = (index) => index < rows.length && rows[index].follows;
  return rows.map((row, index) => (row.share ? { ...row, last: !goesOnAt(index + 1) } : row));
}
