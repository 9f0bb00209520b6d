import assert from "node:assert/strict";
import { test } from "node:test";

import { endingOf } from "../../static/js/page.js";
import { sentenceOf, undosOf } from "../../static/js/moderation.js";
import { isAbove, peopleOf } from "../../static/js/people.js";
import { UNTIL_THE_END } from "../../static/js/pause.js";
import { createTiming, passed, statusOf } from "../../static/js/status.js";

const MINUTE = 60000;
const FERN = { participant: "fern", nickname: "Fern" };

const NO_PHASE = { title: "", mode: "open", crosstalk: "open", minutes: 0, kind: "plain" };
const NO_PLAN = { index: 0, phases: 0, phase: NO_PHASE, fellowship_minutes: 0, fellowship: false, graced: false };

function room(more = {}) {
  const me = { participant: "me", role: "participant", muted_until: 0, mute_reason: "", ...more.me };
  return { starts_at: 0, ends_at: 60 * MINUTE, people: {}, course: NO_PLAN, ...more, me };
}

function deskRoom({ actions = [], muted = {}, removed = {}, role = "host", people = {}, ...more }) {
  return room({ me: { role }, people, ...more, desk: { actions, muted, removed, reports: [] } });
}

test("people: hosts, moderators, then by name", () => {
  const person = (nickname, role = "participant") => ({ nickname, role, here: true });
  const people = {
    a: person("Willow"),
    me: person("\u00c4sh"),
    c: person("River", "moderator"),
    d: person("Heron", "host"),
    e: person("Birch"),
  };
  assert.deepEqual(peopleOf(room({ people })).map(({ nickname, me }) => [nickname, me]), [
    ["Heron", false],
    ["River", false],
    ["\u00c4sh", true],
    ["Birch", false],
    ["Willow", false],
  ]);
});

test("only a higher role may act on someone", () => {
  assert.equal(isAbove("host", "moderator"), true);
  assert.equal(isAbove("moderator", "moderator"), false);
  assert.equal(isAbove("participant", "participant"), false);
});

test("the bar says what is happening and what one can do", () => {
  const now = MINUTE;
  assert.match(statusOf(room(), now, true).sentence, /^The meeting is open\./);
  assert.match(statusOf(room({ starts_at: 5 * MINUTE }), now, true).sentence, /^The meeting starts at .* say hello already\.$/);
  assert.match(statusOf(room(), now, false).sentence, /^Reconnecting\./);
  assert.equal(statusOf(room(), now, false).canSend, true);
});

test("a mute is told with its time and reason, and ends by itself", () => {
  const me = { muted_until: 6 * MINUTE, mute_reason: "Please leave room." };
  const muted = statusOf(room({ me }), MINUTE, true);
  assert.equal(muted.sentence, "You're muted for 5 minutes. You can still listen and react. Reason: Please leave room.");
  assert.equal(muted.canSend, false);
  assert.equal(statusOf(room({ me }), 6 * MINUTE, true).canSend, true);
  const ever = statusOf(room({ me: { muted_until: UNTIL_THE_END } }), MINUTE, true);
  assert.equal(ever.sentence, "You're muted until the end of the meeting. You can still listen and react.");
});

test("who moderates writes in a quiet room, and is told that the others do not", () => {
  const quiet = statusOf(room({ me: { role: "moderator" }, posting_stopped: true }), MINUTE, true);
  assert.match(quiet.sentence, /^The room is quiet for a moment. You can write;/);
  assert.equal(quiet.canSend, true);
});

test("the time line is the part that has passed", () => {
  assert.equal(passed(room(), 15 * MINUTE), 0.25);
  assert.equal(passed(room(), -MINUTE), 0);
  assert.equal(passed(room(), 90 * MINUTE), 1);
});

test("5 minutes and 1 minute before the end there is one warning each", () => {
  const timing = createTiming();
  const said = [50, 54, 55, 56, 59, 59.5, 60].map((minute) => timing.look(room(), minute * MINUTE));
  assert.deepEqual(said, ["", "", "5 minutes left.", "", "One minute left. It is a good moment to say goodbye.", "", ""]);
});

test("who comes late is not warned of what has passed; who slept is told what is left", () => {
  assert.equal(createTiming().look(room(), 57 * MINUTE), "");
  const timing = createTiming();
  timing.look(room(), 10 * MINUTE);
  assert.equal(timing.look(room(), 57 * MINUTE), "3 minutes left.");
});

test("more time is announced, and warned of again", () => {
  const timing = createTiming();
  timing.look(room(), 54 * MINUTE);
  timing.look(room(), 56 * MINUTE);
  const longer = room({ ends_at: 70 * MINUTE });
  assert.match(timing.look(longer, 57 * MINUTE), /^There is more time: the meeting now ends at /);
  assert.equal(timing.look(longer, 65 * MINUTE), "5 minutes left.");
});

test("whoever leads is asked in place of being warned, and hears of more time like everyone", () => {
  const timing = createTiming();
  const host = { me: { ...room().me, role: "host" } };
  timing.look(room(host), 54 * MINUTE);
  assert.equal(timing.look(room(host), 56 * MINUTE), "");
  assert.match(timing.look(room({ ...host, ends_at: 70 * MINUTE }), 57 * MINUTE), /^There is more time/);
});

test("a little more time for whoever writes is no longer meeting", () => {
  const timing = createTiming();
  timing.look(room(), 59 * MINUTE);
  const graced = room({ ends_at: 62 * MINUTE, course: { graced: true } });
  assert.match(timing.look(graced, 60 * MINUTE), /^The time is up\. There are up to two minutes more/);
});

test("actions are told in words", () => {
  const mute = { event: "muted", ...FERN, at: 0, until: 5 * MINUTE, reason: "Room." };
  assert.equal(sentenceOf(mute), "muted Fern for 5 minutes: Room.");
  assert.equal(sentenceOf({ event: "muted", ...FERN, at: 0, until: UNTIL_THE_END, reason: "" }), "muted Fern until the end");
  assert.equal(sentenceOf({ event: "role_changed", ...FERN, role: "moderator" }), "made Fern a moderator");
  assert.equal(sentenceOf({ event: "helper_named", ...FERN, helper: "cohost" }), "asked Fern to be co-host");
  assert.equal(sentenceOf({ event: "helper_named", ...FERN, helper: "" }), "asked Fern to help no more");
});

function labels(action, room, now = MINUTE) {
  return undosOf(action, room, now).map(({ label, command }) => [label, command.do]);
}

test("a mute can be undone while it lasts", () => {
  const action = { event: "muted", id: 5, ...FERN };
  const muted = { fern: { until: 6 * MINUTE, reason: "" } };
  assert.deepEqual(labels(action, deskRoom({ actions: [action], muted })), [["Unmute", "unmute"]]);
  assert.deepEqual(labels(action, deskRoom({ actions: [action], muted }), 6 * MINUTE), []);
  assert.deepEqual(labels(action, deskRoom({ actions: [action] })), []);
  assert.deepEqual(labels(action, deskRoom({ actions: [action, { ...action, id: 6 }], muted })), []);
});

test("a removal can be undone for the person, and for those behind the address", () => {
  const action = { event: "removed", id: 5, ...FERN };
  const undone = deskRoom({ actions: [action], removed: { fern: { address: true } } });
  assert.deepEqual(labels(action, undone), [["Let back in", "readmit"], ["Let others on this network in without knocking", "clear_address"]]);
  const cleared = deskRoom({ actions: [action], removed: { fern: { address: false } } });
  assert.deepEqual(labels(action, cleared), [["Let back in", "readmit"]]);
  assert.deepEqual(labels(action, deskRoom({ actions: [action] })), []);
});

test("the last change of the door can be undone: it is again as it was before", () => {
  const first = { event: "door_set", id: 5, door: "knock" };
  const second = { event: "door_set", id: 9, door: "locked" };
  const both = deskRoom({ actions: [first, second], door: "locked" });
  assert.deepEqual(undosOf(first, both, 0), []);
  assert.deepEqual(undosOf(second, both, 0), [{ label: "Let people knock", command: { do: "set_door", door: "knock" } }]);
  const alone = deskRoom({ actions: [first], door: "knock" });
  assert.deepEqual(undosOf(first, alone, 0), [{ label: "Open the door", command: { do: "set_door", door: "open" } }]);
  assert.deepEqual(undosOf(first, { ...alone, door: "open" }, 0), []);
});

test("each step of the calm can be undone while it lasts", () => {
  const stopped = { event: "posting_stopped", id: 5 };
  const veiled = { event: "veiled", id: 6 };
  const calm = deskRoom({ actions: [stopped, veiled], posting_stopped: true, veil: true });
  assert.deepEqual(labels(stopped, calm), [["Let everyone write", "resume_posting"]]);
  assert.deepEqual(labels(veiled, calm), [["Take the veil away", "unveil"]]);
  const over = { ...calm, posting_stopped: false, veil: false };
  assert.deepEqual([...labels(stopped, over), ...labels(veiled, over)], []);
});

test("the last pace can be undone: it is again as it was before, or as usual", () => {
  const slow = { slow_seconds: 30, listen_minutes: 0, hold_new: false };
  const first = { event: "pace_set", id: 5, ...slow };
  const second = { event: "pace_set", id: 7, slow_seconds: 60, listen_minutes: 5, hold_new: true };
  const both = deskRoom({ actions: [first, second] });
  assert.deepEqual(undosOf(first, both, 0), []);
  assert.deepEqual(undosOf(second, both, 0), [{ label: "Undo", command: { do: "set_pace", ...slow } }]);
  const [usual] = undosOf(first, deskRoom({ actions: [first] }), 0);
  assert.deepEqual(usual.command, { do: "set_pace", slow_seconds: 0, listen_minutes: 0, hold_new: false });
  assert.equal(sentenceOf(second), "set the pace: one message every 60 seconds, new people listen for 5 minutes, words of new people wait for a moderator");
});

test("a word of warning can be undone, direct messages by hosts alone", () => {
  const first = { event: "content_noted", id: 5, message: 3, topic: "drugs" };
  const second = { event: "content_noted", id: 6, message: 3, topic: "death" };
  const noted = deskRoom({ actions: [first, second] });
  assert.deepEqual(undosOf(second, noted, 0), [{ label: "Undo", command: { do: "note_content", message: 3, topic: "drugs" } }]);
  const [off] = undosOf(first, deskRoom({ actions: [first] }), 0);
  assert.equal(off.command.topic, "");
  const direct = { event: "direct_set", id: 5, on: true };
  assert.deepEqual(labels(direct, deskRoom({ actions: [direct], direct: true })), [["Undo", "set_direct"]]);
  assert.deepEqual(labels(direct, deskRoom({ actions: [direct], direct: true, role: "moderator" })), []);
  assert.deepEqual(labels(direct, deskRoom({ actions: [direct], direct: false })), []);
});

test("only hosts undo a change of role, while it stands", () => {
  const action = { event: "role_changed", id: 5, ...FERN, role: "moderator" };
  const people = { fern: { nickname: "Fern", role: "moderator", here: true } };
  const [undo] = undosOf(action, deskRoom({ actions: [action], people }), 0);
  assert.deepEqual(undo.command, { do: "change_role", participant: "fern", role: "participant" });
  assert.deepEqual(labels(action, deskRoom({ actions: [action], people, role: "moderator" })), []);
  const demoted = { fern: { role: "participant" } };
  assert.deepEqual(labels(action, deskRoom({ actions: [action], people: demoted })), []);
});

const ENDINGS = [
  [4500, false, false, "no_such_room"],
  [4500, true, true, "ended"],
  [4500, true, false, "lost"],
  [4501, true, false, "ended"],
  [4502, true, false, "removed"],
  [4503, true, false, "taken_over"],
  [4504, true, false, "left"],
  [4505, true, false, "stopped"],
  [4999, true, false, "stopped"],
];
for (const [code, wasIn, isPast, name] of ENDINGS) {
  test(`${code} leads to ${name}`, () => assert.equal(endingOf({ code }, wasIn, isPast), name));
}
