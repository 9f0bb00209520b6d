import assert from "node:assert/strict";
import { test } from "node:test";

import {
  conventionOf, cueOf, fieldOf, firstPart, hasScript, isTyping, keepsTime, leads, leftForSharer, mayWrite, minutesAndSeconds, modeOf, tendsFloor,
  waitOf,
} from "../../static/js/floor.js";
import { meeting, MINUTE, OPEN, QUIET, SHARES } from "./a-meeting.mjs";

test("a room without a script is open and nothing of the floor shows", () => {
  const room = meeting({ at: { phases: 0 }, phase: QUIET });
  assert.deepEqual([hasScript(room), modeOf(room), fieldOf(room)], [false, "open", "write"]);
  assert.equal(conventionOf("!", room), "");
});

test("time after the end is open", () => assert.equal(modeOf(meeting({ at: { fellowship: true } })), "open"));

const WRITING = [
  ["everyone in an open phase", { phase: OPEN }, "write"],
  ["a listener while the host speaks", { phase: QUIET }, "none"],
  ["a host", { phase: QUIET, me: { role: "host" } }, "write"],
  ["a moderator while the host speaks", { phase: QUIET, me: { role: "moderator" } }, "none"],
  ["a reader", { phase: QUIET, me: { helper: "reader" } }, "write"],
  ["a greeter", { phase: QUIET, me: { helper: "greeter" } }, "write"],
  ["a timekeeper", { phase: QUIET, me: { helper: "timekeeper" } }, "none"],
  ["a co-host", { phase: QUIET, me: { helper: "cohost" } }, "write"],
  ["who has the chair", { phase: QUIET, me: { role: "moderator" }, chair: "me" }, "write"],
  ["who has the floor", { holder: "me" }, "write"],
  ["a listener in a share", { holder: "ada" }, "draft"],
  ["a host in someone's share", { holder: "ada", me: { role: "host" } }, "none"],
  ["a host who waits", { holder: "ada", queue: ["me"], me: { role: "host" } }, "draft"],
  ["a host while nobody shares", { me: { role: "host" } }, "write"],
  ["a listener while nobody shares", {}, "draft"],
  ["a listener with open crosstalk", { holder: "ada", phase: { ...SHARES, crosstalk: "open" } }, "write"],
];
for (const [name, room, field] of WRITING) {
  test(`the field of ${name}: ${field}`, () => {
    assert.equal(fieldOf(meeting(room)), field);
    assert.equal(mayWrite(meeting(room)), field === "write");
  });
}

test("hosts, the co-host and who took the chair lead", () => {
  assert.equal(leads(meeting()), false);
  assert.equal(leads(meeting({ me: { role: "moderator" }, chair: "ada" })), false);
  assert.equal(leads(meeting({ me: { role: "moderator" }, chair: "me" })), true);
});

const TENDING = [
  ["a host", { role: "host" }, [true, true]],
  ["a moderator", { role: "moderator" }, [true, true]],
  ["a timekeeper", { helper: "timekeeper" }, [false, true]],
  ["a reader", { helper: "reader" }, [false, false]],
];
for (const [name, me, may] of TENDING) {
  test(`the list and the shares of others: ${name}`, () => {
    const room = meeting({ me });
    assert.deepEqual([tendsFloor(room), keepsTime(room)], may);
  });
}

const WAITS = [
  ["who does not wait", { holder: "ada" }, MINUTE, 0],
  ["the next, with a share that is half over", { holder: "ada", queue: ["me"] }, 2 * MINUTE, 2],
  ["the third", { holder: "ada", queue: ["bo", "cy", "me"] }, 3 * MINUTE, 9],
  ["a share past its time", { holder: "ada", queue: ["bo", "me"] }, 9 * MINUTE, 4],
  ["nobody sharing", { queue: ["bo", "me"] }, 0, 4],
  ["no share clock", { holder: "ada", queue: ["bo", "me"], share_minutes: 0 }, 0, 0],
  ["a share without a clock of its own", { holder: "ada", queue: ["me"], share_ms: 0 }, 0, 4],
  ["a paused share", { holder: "ada", queue: ["me"], paused_at: 3 * MINUTE }, 30 * MINUTE, 1],
  ["a share that was paused", { holder: "ada", queue: ["me"], paused_ms: 2 * MINUTE }, 3 * MINUTE, 3],
];
for (const [name, room, now, minutes] of WAITS) {
  test(`roughly how long: ${name}: ${minutes}`, () => assert.equal(waitOf(meeting(room), now), minutes));
}

test("the sharer's clock promises no more than is left of the meeting", () => {
  const room = { ...meeting({ holder: "me" }), starts_at: 0, ends_at: 10 * MINUTE };
  assert.equal(leftForSharer(room, MINUTE), 3 * MINUTE);
  assert.equal(leftForSharer({ ...room, ends_at: 2 * MINUTE }, MINUTE), MINUTE);
  assert.equal(leftForSharer({ ...room, floor: { ...room.floor, share_ms: 0 } }, MINUTE), Infinity);
});

test("the sharer hears of the time first, all others 30 seconds after it", () => {
  const cues = (holder) => [0, 179, 180, 239, 240, 269, 270].map((second) => cueOf(meeting({ holder }), second * 1000));
  assert.deepEqual(cues("me"), ["", "", "minute", "minute", "finish", "finish", "late"]);
  assert.deepEqual(cues("ada"), ["", "", "", "", "", "", "late"]);
  assert.equal(cueOf(meeting(), 0), "");
  assert.equal(cueOf(meeting({ holder: "me", share_ms: MINUTE }), 1000), "");
  assert.equal(cueOf(meeting({ holder: "me", share_ms: 0 }), 90 * MINUTE), "");
});

test("typing is seen for a while", () => {
  const room = meeting({ holder: "ada", typing_at: 1000 });
  assert.deepEqual([2000, 12999, 13000].map((now) => isTyping(room.floor, now)), [true, true, false]);
});

test("seconds are told whole, rounded up", () => {
  assert.deepEqual([130000, 129001, 60000, 999].map(minutesAndSeconds), ["2:10", "2:10", "1:00", "0:01"]);
});

const PARTS = [
  ["one\ntwo\n\nthree", ["one\ntwo", "three"]],
  ["one\ntwo", ["one", "two"]],
  [" one \n \n two\n\nthree ", ["one", "two\n\nthree"]],
  ["one", ["one", ""]],
  ["", ["", ""]],
];
for (const [text, parts] of PARTS) {
  test(`the first part of ${JSON.stringify(text)}`, () => assert.deepEqual(firstPart(text), parts));
}

const TYPED = [
  ["!", {}, "raise_hand"],
  [" * ", { holder: "ada" }, "raise_hand"],
  ["!!", {}, ""],
  ["!", { holder: "me" }, ""],
  ["!", { phase: OPEN }, ""],
  ["!", { phase: QUIET }, ""],
  ["Done", { holder: "me" }, "done"],
  ["pass", { holder: "me" }, "pass_floor"],
  ["done", { holder: "ada" }, ""],
  ["I am done", { holder: "me" }, ""],
  ["constructor", { holder: "me" }, ""],
];
for (const [text, room, command] of TYPED) {
  test(`"${text}" typed alone in ${JSON.stringify(room)} is "${command}"`, () =>
    assert.equal(conventionOf(text, meeting(room)), command));
}

test("a part that is too long ends between two words, and nothing of it is lost", () => {
  assert.deepEqual(firstPart("one two three", 9), ["one two", "three"]);
  assert.deepEqual(firstPart("one two three", 13), ["one two three", ""]);
  assert.deepEqual(firstPart("abcdef", 4), ["abcd", "ef"]);
  assert.deepEqual(firstPart("one two\n\nthree", 5), ["one", "two\n\nthree"]);
});
