import assert from "node:assert/strict";
import { test } from "node:test";

import { rowsOf } from "../../static/js/rows.js";
import { createSight } from "../../static/js/sight.js";
import { createStorage, memoryStore } from "../../static/js/storage.js";

const MINUTE = 60000;

function message(id, by, at, more = {}) {
  return { id, by, at, role: "participant", text: "hi", gone: "", ...more };
}

function sightOf() {
  return createSight(createStorage(memoryStore(), memoryStore()), () => {});
}

function rows({ messages = [], notes = [], pending = [], today = "day 0", sight = sightOf(), role = "participant", ...more }) {
  const me = { participant: "me", role, reactions: { 2: ["heart"] } };
  const dayOf = (at) => `day ${Math.floor(at / (24 * 60 * MINUTE))}`;
  return rowsOf({ messages, me, notes, pending, today, sight, ...more, dayOf });
}

function note(id, name, after) {
  return { id, after, came: { [name]: name }, went: {} };
}

test("notes stand where they happened", () => {
  const notes = [note(1, "Oak", ""), note(3, "Elm", 2), note(7, "Ash", 5)];
  const found = rows({ messages: [message(2, "a", 0), message(5, "a", 0)], notes });
  assert.deepEqual(found.map(({ key }) => key), ["note-1", "message-2", "note-3", "message-5", "note-7"]);
});

test("a note after a message that is not here any more stands first", () => {
  const found = rows({ messages: [message(5, "a", 0)], notes: [note(3, "Elm", 2), note(7, "Ash", 5)] });
  assert.deepEqual(found.map(({ key }) => key), ["note-3", "message-5", "note-7"]);
});

test("a note with nothing to say is left out", () => {
  assert.deepEqual(rows({ notes: [{ id: 1, after: "", came: {}, went: {} }] }), []);
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
  assert.equal(rows({ messages: [message(2, "a", 0), message(5, "a", 0)], notes: [note(3, "Oak", 2)] })[2].follows, false);
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

test("a share stands together as one block, closed by a quiet line", () => {
  const shared = (id, by, at, share = 5) => message(id, by, at, { share, nickname: by });
  const late = 9 * MINUTE;
  const messages = [shared(6, "ada", 0), shared(7, "ada", late), shared(9, "ada", late, 8), message(10, "host", late)];
  const found = rows({ messages, floor: { holder: "ada", share: 8, nickname: "ada" }, typing: false });
  assert.deepEqual(
    found.map(({ key, share, follows, last }) => [key, share, follows, last]),
    [
      ["message-6", "past", false, false],
      ["message-7", "past", true, false],
      ["done-5", "past", true, true],
      ["message-9", "lit", false, true],
      ["message-10", "", false, undefined],
    ],
  );
});

test("a share that goes on says so when words do not", () => {
  const floor = { holder: "ada", share: 5, nickname: "Ada" };
  const live = (more) => rows({ floor, ...more }).filter(({ kind }) => kind === "live");
  const said = [message(6, "ada", 0, { share: 5 })];
  assert.equal(live({ typing: false })[0].follows, false);
  assert.deepEqual(live({ messages: said, typing: false }), []);
  assert.equal(live({ messages: said, typing: true })[0].follows, true);
  assert.deepEqual(live({ floor: { ...floor, holder: "me" }, typing: true }), []);
  assert.deepEqual(live({ floor: { ...floor, holder: "" }, typing: true }), []);
});

test("one's own words on their way belong to one's share", () => {
  const floor = { holder: "me", share: 5, nickname: "Me" };
  const messages = [message(3, "me", 0), message(6, "me", 0, { share: 5 })];
  const found = rows({ floor, messages, pending: [{ origin_id: "x" }] });
  assert.deepEqual(found.map(({ follows, share }) => [follows, share]), [[false, ""], [false, "lit"], [true, "lit"]]);
});

test("readings are what the server says, and thanks and chips keep their names", () => {
  const kinds = [["reading", ""], ["reading", ""], ["thanks", "me_too"], ["thanks", "welcome"], ["words", ""]];
  const messages = kinds.map(([kind, name], index) => message(index + 2, "a", 0, { kind, name }));
  const found = rows({ messages });
  assert.deepEqual(found.map(({ reading }) => reading), [true, true, false, false, false]);
  assert.deepEqual(found.map(({ follows }) => follows), [false, false, false, false, false]);
});

test("what someone hid for oneself is one quiet line, and comes back", () => {
  const sight = sightOf();
  const said = [message(1, "a", 0), message(2, "b", 0), message(3, "b", 0), message(4, "a", 0), message(5, "b", 0)];
  sight.hide({ id: "b", nickname: "Bo" }, true);
  const found = rows({ messages: said, sight });
  assert.deepEqual(found.map(({ key }) => key), ["message-1", "hush-2", "message-4", "hush-5"]);
  assert.match(found[1].text, /someone you hid/);
  assert.deepEqual(sight.hidden(), { b: "Bo" });
  sight.hide({ id: "b", nickname: "Bo" }, false);
  assert.equal(rows({ messages: said, sight }).length, 5);
});

test("nothing tells that someone hidden has the floor", () => {
  const sight = sightOf();
  const floor = { holder: "b", share: 4, nickname: "Bo" };
  assert.deepEqual(rows({ floor, sight }).map(({ kind }) => kind), ["live"]);
  sight.hide({ id: "b", nickname: "Bo" }, true);
  assert.deepEqual(rows({ floor, sight }), []);
});

test("a veil covers the words for participants, and moderators see them", () => {
  const said = [message(1, "a", 0), message(2, "b", 0, { veiled: true, text: "" }), message(3, "c", 0, { veiled: true })];
  const found = rows({ messages: said });
  assert.deepEqual(found.map(({ kind }) => kind), ["message", "note"]);
  assert.match(found[1].text, /covered for a moment/);
  assert.equal(rows({ messages: said, role: "moderator" }).length, 3);
});

test("words with a content note are covered, one's own are not, and one may choose", () => {
  const sight = sightOf();
  const said = [message(1, "a", 0, { topic: "death" }), message(2, "me", 0, { topic: "death" }), message(3, "a", 0, { topic: "drugs" })];
  const covers = () => rows({ messages: said, sight }).map(({ cover }) => cover);
  assert.deepEqual(covers(), ["death", "", "drugs"]);
  sight.show(3);
  assert.deepEqual(covers(), ["death", "", ""]);
  sight.cover("death", false);
  assert.deepEqual(covers(), ["", "", ""]);
  sight.cover("death", true);
  assert.deepEqual(covers(), ["death", "", ""]);
});

test("what a moderator took away stands in one line without a name, one's own apart, and for moderators as it was", () => {
  const taken = (id, by, nickname) => message(id, by, 0, { gone: "redacted", text: "", nickname });
  const found = rows({ messages: [taken(1, "a", ""), taken(2, "b", ""), taken(3, "me", ""), message(4, "a", 0)] });
  const texts = found.map(({ kind, text }) => (kind === "note" ? text : kind));
  assert.deepEqual(texts, ["A moderator took 2 messages away.", "A moderator took your message away.", "message"]);
  assert.deepEqual(rows({ messages: [taken(1, "a", "Al")], role: "host" }).map(({ kind }) => kind), ["message"]);
});

test("words that one reported are a quiet line, and the share they belong to still ends", () => {
  const shared = (id, more) => message(id, "ada", 0, { share: 5, nickname: "Ada", ...more });
  const found = rows({ messages: [shared(6), shared(7, { reported: true, text: "" })], floor: { holder: "", share: 0 } });
  assert.deepEqual(found.map(({ kind, text }) => text || kind), [
    "message",
    "Ada has shared",
    "You reported this, so you don't see it any more.",
  ]);
});
