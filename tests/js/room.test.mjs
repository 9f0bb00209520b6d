import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { addEarlier, afterWordless, apply, shorten } from "../../static/js/room.js";

const VECTORS = new URL("../vectors/", import.meta.url);
const vectors = readdirSync(VECTORS)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(new URL(name, VECTORS), "utf8")));

function frozen(value) {
  if (value && typeof value === "object") Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

function message(id, more = {}) {
  const said = { id, at: id, by: "ada", nickname: "Ada", role: "participant", text: "hi", origin_id: "o" };
  return { ...said, gone: "", reactions: {}, ...more };
}

function roomOf(messages, reactions = {}) {
  return frozen({ people: {}, messages, more: false, me: { participant: "bea", role: "participant", reactions } });
}

test("there are vectors", () => assert.ok(vectors.length));

function take(room, frame) {
  if (frame.is === "earlier") return addEarlier(room, frame);
  return frame.is === "welcome" ? frame.room : apply(room, frame);
}

for (const { name, room, frames, expect } of vectors) {
  test(`the fold reaches: ${name}`, () => assert.deepStrictEqual(frozen(frames).reduce(take, frozen(room)), expect));

  test(`every frame twice changes nothing: ${name}`, () => {
    const twice = frozen(frames).reduce((folded, frame) => take(take(folded, frame), frame), frozen(room));
    assert.deepStrictEqual(twice, expect);
  });
}

test("parts that did not change stay the same object", () => {
  const before = roomOf([message(4)]);
  const after = apply(before, { is: "entry", event: "posting_stopped", id: 5 });
  assert.equal(after.people, before.people);
  assert.equal(after.messages, before.messages);
});

test("an event nobody knows changes nothing", () => {
  const before = roomOf([message(4)]);
  assert.equal(apply(before, { is: "entry", event: "celebrated", id: 5 }), before);
});

test("reactions to what is gone or unknown change nothing", () => {
  const before = roomOf([message(4, { gone: "redacted", text: "" })]);
  for (const id of [4, 5]) {
    assert.deepEqual(apply(before, { event: "reacted", message: id, reaction: "heart", count: 3 }), before);
    assert.deepEqual(apply(before, { event: "my_reaction", message: id, reaction: "heart", on: true }), before);
  }
});

test("earlier messages stand before the others, each once", () => {
  const room = addEarlier(roomOf([message(7), message(9)]), { messages: [message(3), message(5), message(7)], reactions: { 3: ["hug"] }, more: true });
  assert.deepEqual(room.me.reactions, { 3: ["hug"] });
  assert.deepEqual(room.messages.map(({ id }) => id), [3, 5, 7, 9]);
  assert.equal(room.more, true);
});

test("earlier messages fit into an empty room", () => {
  const room = addEarlier(roomOf([]), { messages: [message(3)], reactions: {}, more: false });
  assert.deepEqual(room.messages.map(({ id }) => id), [3]);
});

test("messages newer than those that are there are left to their entries", () => {
  const room = addEarlier(roomOf([message(7)]), { messages: [message(5), message(7), message(9)], reactions: {}, more: false });
  assert.deepEqual(room.messages.map(({ id }) => id), [5, 7]);
});

test("words that were veiled are put in where they are lacking, and nothing else is touched", () => {
  const bare = [message(7, { text: "" }), message(8, { text: "", gone: "redacted" }), message(9)];
  const room = { ...roomOf(bare), more: true };
  assert.equal(afterWordless(room), 8);
  assert.equal(afterWordless(room, 7), undefined);
  assert.equal(afterWordless({ messages: bare.slice(0, 1) }), "");
  const filled = addEarlier(room, { messages: [message(7, { text: "again" }), message(8, { text: "" })], reactions: {}, more: false });
  assert.deepEqual(filled.messages.map(({ text }) => text), ["again", "", "hi"]);
  assert.equal(filled.messages[2], room.messages[2]);
  assert.equal(filled.more, true);
  assert.equal(afterWordless(filled), undefined);
});

test("the oldest messages are let go, with one's own reactions to them", () => {
  const room = shorten(roomOf([message("a"), message("b"), message("c")], { a: ["hug"], c: ["heart"] }), 2);
  assert.deepEqual(room.messages.map(({ id }) => id), ["b", "c"]);
  assert.deepEqual(room.me.reactions, { c: ["heart"] });
  assert.equal(room.more, true);
});

test("a room that is short enough is left alone", () => {
  const room = roomOf([message(3)]);
  assert.equal(shorten(room, 1), room);
});

test("memory is bounded even when nobody lets go", () => {
  let room = roomOf([]);
  for (let id = 1; id <= 2100; id += 1) {
    room = apply(room, { event: "message_posted", ...message(id) });
  }
  assert.equal(room.messages.length, 2000);
  assert.equal(room.messages[0].id, 101);
});
