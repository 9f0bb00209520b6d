import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { addEarlier, apply, lastWordless, shorten } from "../../static/js/room.js";

const VECTORS = new URL("../vectors/", import.meta.url);
const vectors = readdirSync(VECTORS)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(new URL(name, VECTORS), "utf8")));

function frozen(value) {
  if (value && typeof value === "object") Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

function message(offset, more = {}) {
  const said = { offset, at: offset, by: "ada", nickname: "Ada", role: "participant", text: "hi", origin_id: "o" };
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
  const after = apply(before, { is: "entry", event: "posting_stopped", offset: 5 });
  assert.equal(after.people, before.people);
  assert.equal(after.messages, before.messages);
});

test("an event nobody knows changes nothing", () => {
  const before = roomOf([message(4)]);
  assert.equal(apply(before, { is: "entry", event: "celebrated", offset: 5 }), before);
});

test("reactions to what is gone or unknown change nothing", () => {
  const before = roomOf([message(4, { gone: "redacted", text: "" })]);
  for (const offset of [4, 5]) {
    assert.deepEqual(apply(before, { event: "reacted", message: offset, reaction: "heart", count: 3 }), before);
    assert.deepEqual(apply(before, { event: "my_reaction", message: offset, reaction: "heart", on: true }), before);
  }
});

test("earlier messages stand before the others, each once", () => {
  const room = addEarlier(roomOf([message(7), message(9)]), { messages: [message(3), message(5), message(7)], reactions: { 3: ["hug"] }, more: true });
  assert.deepEqual(room.me.reactions, { 3: ["hug"] });
  assert.deepEqual(room.messages.map(({ offset }) => offset), [3, 5, 7, 9]);
  assert.equal(room.more, true);
});

test("earlier messages fit into an empty room", () => {
  const room = addEarlier(roomOf([]), { messages: [message(3)], reactions: {}, more: false });
  assert.deepEqual(room.messages.map(({ offset }) => offset), [3]);
});

test("words that were veiled are put in where they are lacking, and nothing else is touched", () => {
  const bare = [message(7, { text: "" }), message(8, { text: "", gone: "redacted" }), message(9)];
  const room = { ...roomOf(bare), more: true };
  assert.equal(lastWordless(room).offset, 7);
  assert.equal(lastWordless(room, 7), undefined);
  const filled = addEarlier(room, { messages: [message(7, { text: "again" }), message(8, { text: "" })], reactions: {}, more: false });
  assert.deepEqual(filled.messages.map(({ text }) => text), ["again", "", "hi"]);
  assert.equal(filled.messages[2], room.messages[2]);
  assert.equal(filled.more, true);
  assert.equal(lastWordless(filled), undefined);
});

test("the oldest messages are let go, with one's own reactions to them", () => {
  const room = shorten(roomOf([message(3), message(5), message(7)], { 3: ["hug"], 7: ["heart"] }), 2);
  assert.deepEqual(room.messages.map(({ offset }) => offset), [5, 7]);
  assert.deepEqual(room.me.reactions, { 7: ["heart"] });
  assert.equal(room.more, true);
});

test("a room that is short enough is left alone", () => {
  const room = roomOf([message(3)]);
  assert.equal(shorten(room, 1), room);
});

test("memory is bounded even when nobody lets go", () => {
  let room = roomOf([]);
  for (let offset = 1; offset <= 2100; offset += 1) {
    room = apply(room, { event: "message_posted", ...message(offset) });
  }
  assert.equal(room.messages.length, 2000);
  assert.equal(room.messages[0].offset, 101);
});
