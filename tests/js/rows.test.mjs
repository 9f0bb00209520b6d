import assert from "node:assert/strict";
import { test } from "node:test";

import { rowsOf } from "../../static/js/rows.js";

const MINUTE = 60000;

function message(offset, by, at, more = {}) {
  return { offset, by, at, role: "participant", text: "hi", gone: "", ...more };
}

function rows({ messages = [], notes = [], pending = [], today = "day 0" }) {
  const me = { participant: "me", reactions: { 2: ["heart"] } };
  return rowsOf({ messages, me, notes, pending, today, dayOf: (at) => `day ${Math.floor(at / (24 * 60 * MINUTE))}` });
}

function note(offset, name) {
  return { offset, came: { [name]: name }, went: {} };
}

test("notes stand where they happened", () => {
  const notes = [note(1, "Oak"), note(3, "Elm"), note(7, "Ash")];
  const found = rows({ messages: [message(2, "a", 0), message(5, "a", 0)], notes });
  assert.deepEqual(found.map(({ key }) => key), ["note-1", "message-2", "note-3", "message-5", "note-7"]);
});

test("a note with nothing to say is left out", () => {
  assert.deepEqual(rows({ notes: [{ offset: 1, came: {}, went: {} }] }), []);
});

const FOLLOWS = [
  ["the same person within two minutes", message(2, "a", 0), message(3, "a", 2 * MINUTE - 1), true],
  ["the same person later", message(2, "a", 0), message(3, "a", 2 * MINUTE), false],
  ["another person", message(2, "a", 0), message(3, "b", 0), false],
  ["the same person in a new role", message(2, "a", 0), message(3, "a", 0, { role: "moderator" }), false],
];
for (const [name, first, second, follows] of FOLLOWS) {
  test(`${name}: follows is ${follows}`, () => assert.equal(rows({ messages: [first, second] })[1].follows, follows));
}

test("after a note the name stands again", () => {
  assert.equal(rows({ messages: [message(2, "a", 0), message(5, "a", 0)], notes: [note(3, "Oak")] })[2].follows, false);
});

test("a day that is not today has its line, and so has today after it", () => {
  const day = 24 * 60 * MINUTE;
  const found = rows({ messages: [message(2, "a", 0), message(3, "a", day)], today: "day 1" });
  assert.deepEqual(found.map(({ key }) => key), ["day-day 0", "message-2", "day-day 1", "message-3"]);
});

test("a long text of the host is a reading", () => {
  const long = "x".repeat(601);
  const host = { role: "host" };
  const found = rows({
    messages: [message(2, "h", 0, { ...host, text: long }), message(3, "a", 0, { text: long }), message(4, "h", 0, host)],
  });
  assert.deepEqual(found.map(({ reading }) => reading), [true, false, false]);
});

test("one's own last message is marked as sent, and words on their way come last", () => {
  const found = rows({
    messages: [message(2, "me", 0), message(3, "me", 0), message(4, "me", 0, { gone: "retracted" })],
    pending: [{ origin_id: "x" }],
  });
  assert.deepEqual(found.map(({ sent }) => sent), [false, true, false, undefined]);
  assert.equal(found[3].key, "pending-x");
  assert.deepEqual(found[0].mine, ["heart"]);
});
