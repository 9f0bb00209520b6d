import assert from "node:assert/strict";
import { test } from "node:test";

import { actsOf } from "../../static/js/acts_now.js";
import { lastWords } from "../../static/js/bar.js";
import { phaseLeft } from "../../static/js/plan.js";
import { meeting, MINUTE, OPEN, QUIET, SHARES } from "./a-meeting.mjs";

const SAID = [{ id: 51, share: 50, by: "me", gone: "" }];
const SCRIPT = [QUIET, SHARES, OPEN];
const HOST = { me: { role: "host" }, desk: { script: SCRIPT } };
const ACTS = [
  ["a listener", { holder: "ada" }, ["Raise my hand", "With a reason"]],
  ["a closed list", { queue_closed: true }, []],
  ["who waits last", { queue: ["bo", "me"] }, ["Lower my hand"]],
  ["who waits before one", { queue: ["me", "bo"] }, ["Let one go first", "Lower my hand"]],
  ["who waits before many", { queue: ["me", "a", "b", "c"] }, ["Let one go first", "Let two go first", "Lower my hand"]],
  ["the sharer before a word", { holder: "me" }, ["Pass"]],
  ["the sharer", { holder: "me", messages: SAID }, ["Done"]],
  ["the sharer who took it back", { holder: "me", messages: [{ ...SAID[0], gone: "retracted" }] }, ["Pass"]],
  ["an invited one", { me: { invited: true } }, ["Share now", "Not now"]],
  ["an invited one in a share", { holder: "ada", me: { invited: true } }, ["Yes, I go next", "Not now"]],
  ["a host who calls", { ...HOST, queue: ["bo"], call_each: true }, ["Next: Closing", "Give Bo the floor", "Raise my hand"]],
  ["a moderator who calls", { me: { role: "moderator" }, queue: ["bo"] }, ["Give Bo the floor", "Raise my hand", "With a reason"]],
  ["a reading", { phase: QUIET }, []],
  ["an open phase", { phase: OPEN }, []],
  ["thanks only", { holder: "a", phase: { ...SHARES, crosstalk: "thanks" } }, ["Raise my hand", "With a reason", "Say thanks"]],
  ["milestones", { phase: { ...OPEN, kind: "milestones" } }, ["Take a chip"]],
  ["chips at any time", { phase: QUIET, at: { chips_open: true } }, ["Take a chip"]],
  ["a host", { ...HOST, holder: "ada" }, ["Next: Closing", "Raise my hand"]],
  ["a host with hands in a share", { ...HOST, holder: "ada", queue: ["bo"] }, ["Next: Closing", "Raise my hand"]],
  ["a host at the last phase", { ...HOST, at: { index: 2 }, phase: OPEN }, []],
  ["a host before it begins", { ...HOST, at: { index: -1 }, phase: OPEN }, ["Next: Reading"]],
  ["a host after the end", { ...HOST, at: { fellowship: true } }, []],
  ["a co-host", { me: { helper: "cohost" }, phase: QUIET, at: { index: 0 } }, ["Next: the next part"]],
  ["a reader", { me: { helper: "reader" }, phase: QUIET, at: { text_waits: true } }, ["Read the text"]],
  ["a reader of a text that was posted", { me: { helper: "reader" }, phase: QUIET }, []],
  ["a reader in an open part", { me: { helper: "reader" }, phase: OPEN, at: { text_waits: true } }, ["Read the text"]],
  ["a reader in a share", { me: { helper: "reader" }, holder: "ada" }, ["Raise my hand", "With a reason"]],
];
for (const [name, room, labels] of ACTS) {
  test(`what ${name} may do`, () => assert.deepEqual(actsOf(meeting(room), 0).map(({ label }) => label), labels));
}

test("there is at most one main button", () => {
  for (const [, room] of ACTS) assert.ok(actsOf(meeting(room), 0).filter(({ main }) => main).length <= 1);
});

test("a moderator may take a chair that nobody has, when no host was here for a while", () => {
  const person = (role, here = true) => ({ role, here });
  const people = { me: person("moderator"), mo: person("moderator") };
  const gone = (room) => ({ ...meeting({ phase: QUIET, people }), host_gone_at: 1000, ...room });
  const keys = (room, now) => actsOf(gone(room), now).map(({ key }) => key);
  assert.deepEqual(keys({}, 61000), []);
  assert.deepEqual(keys({}, 61001), ["chair"]);
  assert.deepEqual(keys({ host_gone_at: 0 }, 90000), []);
  assert.deepEqual(keys({ chair: "ada" }, 90000), []);
  assert.deepEqual(keys({ people: { me: person("participant"), mo: people.mo } }, 90000), []);
  assert.deepEqual(keys({ people: { mo: people.mo, me: people.me } }, 90000), []);
  assert.deepEqual(keys({ people: { mo: person("moderator", false), me: people.me } }, 90000), ["chair"]);
});

test("one reacts to the last words of who shares", () => {
  const said = (id, by, more = {}) => ({ id, by, share: 50, gone: "", ...more });
  const messages = [said(51, "ada"), said(52, "ada"), said(53, "ada", { gone: "redacted" }), said(54, "bo", { share: 0 })];
  assert.equal(lastWords(meeting({ holder: "ada", messages })).id, 52);
  assert.equal(lastWords(meeting({ holder: "me", messages })), null);
  assert.equal(lastWords(meeting({ messages })), null);
  assert.equal(lastWords(meeting({ holder: "ada" })), null);
});

test("what is left of a phase", () => {
  const left = (at, now) => phaseLeft(meeting({ at }), now);
  assert.equal(left({}, 8 * MINUTE), "22 min left");
  assert.equal(left({}, -MINUTE), "30 min left");
  assert.equal(left({}, 31 * MINUTE), "time is over");
  assert.equal(left({ index: -1 }, MINUTE), "");
  assert.equal(left({ phase: { ...SHARES, minutes: 0 } }, MINUTE), "");
});
