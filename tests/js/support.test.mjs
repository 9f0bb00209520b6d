import assert from "node:assert/strict";
import { test } from "node:test";

import { apply } from "../../static/js/room.js";

function said(number, more = {}) {
  return { event: "my_line_said", at: number, mine: true, nickname: "Bea", text: `words ${number}`, origin_id: `origin-${number}`, ...more };
}

function roomOf(line = null, desk = undefined) {
  return { people: {}, messages: [], rounds: [], polls: [], me: { reactions: {}, check_ins: {}, votes: {}, line }, ...(desk ? { desk } : {}) };
}

const opened = { event: "my_line", open: true, claimed_by_nickname: "" };

test("of a private line the newest words stay, counted in code points", () => {
  let room = apply(roomOf(), opened);
  const text = "\u{1f33f}".repeat(950);
  for (let number = 0; number < 30; number += 1) room = apply(room, said(number, { text }));
  assert.deepEqual(room.me.line.said.map(({ at }) => at), Array.from({ length: 24 }, (_, index) => index + 6));
});

test("the words of a private line stay when it is closed and opened again", () => {
  let room = apply(apply(roomOf(), opened), said(1));
  room = apply(room, { event: "my_line", open: false, claimed_by_nickname: "Mo" });
  room = apply(room, opened);
  assert.deepEqual(room.me.line, { open: true, claimed_by_nickname: "", said: [{ at: 1, mine: true, nickname: "Bea", text: "words 1", origin_id: "origin-1" }] });
});

test("two people may use the same id for their words", () => {
  const room = [opened, said(1), said(1, { mine: false, nickname: "Mo" }), said(1)].reduce(apply, roomOf());
  assert.deepEqual(room.me.line.said.map(({ nickname }) => nickname), ["Bea", "Mo"]);
});

test("without a desk there are no lines of others", () => {
  const before = roomOf();
  const frames = [
    { event: "line_opened", line: "cal", nickname: "Cal" },
    { event: "line_said", line: "cal", at: 1, by: "cal", by_nickname: "Cal", text: "words", origin_id: "o" },
    { event: "line_claimed", line: "cal", by: "mo" },
    { event: "line_closed", line: "cal", by: "mo" },
  ];
  assert.equal(frames.reduce(apply, before), before);
});

test("what is said of an unknown poll or check-in changes nothing", () => {
  const before = roomOf();
  const frames = [
    { event: "voted", poll: 4, votes: 1, counts: null },
    { event: "poll_closed", poll: 4, votes: 1, counts: [1] },
    { event: "checked_in", round: 4, answers: 1 },
    { event: "check_in_closed", round: 4, answers: 1, picture: null },
  ];
  assert.deepEqual(frames.reduce(apply, before), before);
});

test("a poll that is open already is not opened twice", () => {
  const poll = { event: "poll_opened", poll: 4, question: "x", options: ["a", "b"], kind: "single", live: true };
  const room = [poll, { event: "voted", poll: 4, votes: 1, counts: [1, 0] }, poll].reduce(apply, roomOf());
  assert.deepEqual(room.polls, [{ poll: 4, question: "x", options: ["a", "b"], kind: "single", live: true, open: true, votes: 1, counts: [1, 0] }]);
});
