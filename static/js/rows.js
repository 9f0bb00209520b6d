/**
 * What stands in the timeline, in order, as plain rows: days, notes, messages and one's own words on their way.
 *
 * `rowsOf({messages, me, notes, pending, dayOf, today})`: a row is `{key, kind, ...}`. A message row `follows` when the same
 * person goes on, so that it needs no name; it is a `reading` when it is a long text of the host, `sent` when it is the last
 * of one's own.
 */
import { sentenceOf } from "./notes.js";

const GOES_ON_MS = 120000;
const READING_CHARACTERS = 600;
const NONE = [];

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
  const waiting = notes.filter((note) => sentenceOf(note));
  const lastSent = lastOf(messages, me.participant);
  let before = null;
  let day = today;

  function addNotes(until) {
    while (waiting.length && waiting[0].offset < until) {
      const note = waiting.shift();
      rows.push({ key: `note-${note.offset}`, kind: "note", text: sentenceOf(note) });
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
