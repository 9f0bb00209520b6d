import assert from "node:assert/strict";
import { test } from "node:test";

import { apply } from "../../static/js/room.js";

const ROOM = { people: {}, messages: [], me: { participant: "bea", held: [], care: "", direct: {}, reactions: {} } };

function held(number, state, more = {}) {
  const words = { origin_id: `origin-${number}`, text: state === "waiting" ? "call me" : "", kind: "words", name: "", topic: "" };
  return { event: "my_held", is: "personal", id: number, at: number, held: number, ...words, state, reason: "", ...more };
}

test("without a desk nothing of the moderators shows", () => {
  const frames = ["message_held", "held_resolved", "concern_noted", "concern_resolved", "claimed", "team_said", "note_written"];
  for (const event of [...frames, "break_taken", "break_over", "words_set", "direct_reported"]) {
    assert.deepEqual(apply(ROOM, { event, id: 7, participant: "cal", by: "mo", text: "x", item: 3 }), ROOM);
  }
});

test("what became of words that were never shown changes nothing", () => {
  for (const state of ["rejected", "accepted", "withdrawn"]) assert.deepEqual(apply(ROOM, held(3, state)), ROOM);
});

test("rejected words keep the time at which they were said", () => {
  const room = [held(3, "waiting"), held(3, "rejected", { at: 9, reason: "no numbers" })].reduce(apply, ROOM);
  const [{ at, state, reason }] = room.me.held;
  assert.deepEqual([at, state, reason], [3, "rejected", "no numbers"]);
});

test("words of someone with whom there is nothing are not shown", () => {
  const frame = { event: "direct_said", other: "cal", said: 4, at: 4, mine: false, text: "hello", origin_id: "o" };
  assert.equal(apply(ROOM, frame), ROOM);
});
