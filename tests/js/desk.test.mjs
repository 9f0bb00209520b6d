import assert from "node:assert/strict";
import { test } from "node:test";

import { casesOf, stateOf, waitingOf } from "../../static/js/desk_cases.js";
import { calmOf, removedLately, stillHidden } from "../../static/js/desk_calm.js";
import { createAfterwards, createDeskNews } from "../../static/js/desk_news.js";
import { onDuty } from "../../static/js/desk_team.js";

const MINUTE = 60000;
const PEOPLE = {
  me: { nickname: "Mo", role: "host", here: true },
  june: { nickname: "Juniper", role: "moderator", here: true },
  fern: { nickname: "Fern", role: "participant", here: true },
};
const CONCERN = { concern: 9, at: 5, participant: "fern", nickname: "Fern", sort: "words", topic: "self_harm", message: 8, claimed_by: "" };
const HELD = {
  ...{ held: 11, at: 6, participant: "fern", nickname: "Fern", text: "Buy now", kind: "words", name: "", topic: "" },
  ...{ policy: "words", reason: "", origin_id: "o", claimed_by: "" },
};
const REPORT = {
  ...{ report: 12, at: 7, message: 8, participant: "fern", nickname: "Fern", text: "Unkind", reason: "unkind", words: "Look" },
  ...{ claimed_by: "", outcome: "" },
};
const LINE = { id: "fern", nickname: "Fern", at: 8, isOpen: true, isFree: true, claimedBy: "", state: "Nobody is with Fern yet.", count: 2 };
const KNOCK = { knock: "k1", nickname: "Willow", at: 9, cautions: ["removed_near"] };
const GUARD = { guard: "knock", signal: "joins", count: 34, at: 10 };

function roomOf({ messages = [], ...desk } = {}) {
  const none = { concerns: [], held: [], reports: [], knocks: [], guard: null, actions: [], removed: {}, on_break: [] };
  return { people: PEOPLE, messages, me: { participant: "me", role: "host" }, desk: { ...none, ...desk } };
}

const FULL = { concerns: [CONCERN], held: [HELD], reports: [REPORT], knocks: [KNOCK], guard: GUARD };
const kinds = (cases) => cases.map(({ kind }) => kind);

test("what waits stands urgent first", () => {
  assert.deepEqual(kinds(casesOf(roomOf(FULL), [LINE])), ["concern", "held", "report", "line", "knock", "guard"]);
  assert.deepEqual(casesOf(roomOf(), []), []);
});

test("what is settled is no case any more", () => {
  const settled = roomOf({ reports: [{ ...REPORT, outcome: "acted" }] });
  assert.deepEqual(casesOf(settled, [{ ...LINE, isOpen: false }]), []);
});

test("a concern says what it may be about, and never who is worried", () => {
  const said = [{ id: 8, text: "I see no point" }];
  const [words] = casesOf(roomOf({ concerns: [CONCERN], messages: said }), []);
  assert.deepEqual(words.facts, ["Their words may be about hurting themselves."]);
  assert.equal(words.text, "I see no point");
  const [friend] = casesOf(roomOf({ concerns: [{ ...CONCERN, sort: "friend", topic: "", message: 0 }] }), []);
  assert.deepEqual([friend.facts, friend.text], [["Someone here is worried about Fern."], ""]);
});

test("a knock says what moderators should know of it", () => {
  assert.deepEqual(casesOf(roomOf({ knocks: [KNOCK] }), [])[0].facts, ["Same network as someone who was removed"]);
  assert.deepEqual(casesOf(roomOf({ knocks: [{ ...KNOCK, cautions: [] }] }), [])[0].facts, []);
});

test("the words of a concern may be held", () => {
  const [concern] = casesOf(roomOf({ concerns: [{ ...CONCERN, message: 11 }], held: [HELD] }), []);
  assert.equal(concern.text, "Buy now");
});

test("why words are held is told: by the policy's reason, or by its name", () => {
  const why = (more) => casesOf(roomOf({ held: [{ ...HELD, ...more }] }), [])[0].facts[0];
  assert.equal(why({ reason: "It names a price." }), "It names a price.");
  assert.equal(why({}), "It holds something from the list of words.");
  assert.equal(why({ policy: "new" }), "They are new, and words of new people wait.");
  assert.equal(why({ policy: "own" }), "It may not fit here.");
});

test("a report of a message that is gone has nothing to take away", () => {
  const of = (more) => casesOf(roomOf({ reports: [{ ...REPORT, ...more }] }), [])[0].message;
  assert.deepEqual([of({}), of({ text: "" }), of({ message: 0 })], [8, 0, 0]);
});

test("what somebody else who is here looks at does not wait for oneself", () => {
  const waits = (by, desk = {}) => waitingOf(casesOf(roomOf({ held: [{ ...HELD, claimed_by: by }] }), []), roomOf(desk)).length;
  assert.deepEqual(["", "me", "june", "gone"].map((by) => waits(by)), [1, 1, 0, 1]);
  assert.equal(waits("june", { on_break: ["june"] }), 1);
  assert.equal(waitingOf(casesOf(roomOf({ guard: GUARD }), []), roomOf()).length, 0);
  const ofLine = (more) => waitingOf(casesOf(roomOf(), [{ ...LINE, ...more }]), roomOf()).length;
  const mine = { isFree: false, claimedBy: "me" };
  assert.deepEqual([ofLine({}), ofLine(mine), ofLine({ ...mine, count: 0 }), ofLine({ isFree: false, claimedBy: "june" })], [1, 1, 0, 0]);
});

test("who looks at it is told by name", () => {
  const state = (by, desk = {}) => stateOf({ kind: "held", claimedBy: by }, roomOf(desk));
  assert.equal(state(""), "");
  assert.equal(state("me"), "You are looking at this.");
  assert.equal(state("june"), "Juniper is looking at this.");
  assert.equal(state("june", { on_break: ["june"] }), "Juniper takes a break, and was looking at this.");
  assert.equal(state("gone"), "Someone who left was looking at this.");
});

test("news are told once, and gathered", () => {
  const news = createDeskNews();
  const knock = (id) => ({ key: id, kind: "knock" });
  assert.equal(news.look([], 0), null);
  assert.deepEqual(news.look([knock("a")], 0), { sentence: "Someone is knocking.", urgent: false });
  assert.deepEqual(news.look([knock("a"), knock("b")], 10000), { sentence: "Someone is knocking.", urgent: false });
  assert.equal(news.look([knock("a"), knock("b"), knock("c")], 12000), null);
  const more = [knock("b"), knock("c"), knock("d")];
  assert.deepEqual(news.look(more, 15000), { sentence: "2 people are knocking.", urgent: false });
  assert.equal(news.look(more, 30000), null);
});

test("a concern is told at once", () => {
  const news = createDeskNews();
  news.look([], 0);
  news.look([{ key: "h", kind: "held" }], 10000);
  const found = news.look([{ key: "c", kind: "concern" }, { key: "h", kind: "held" }], 10001);
  assert.deepEqual(found, { sentence: "Someone may need you.", urgent: true });
});

test("after a hard moment of one's own there is a question, when nothing waits, and then not for ten minutes", () => {
  const afterwards = createAfterwards();
  const removed = { event: "removed", by: "me" };
  afterwards.note({ event: "removed", by: "june" }, "me", 0);
  afterwards.note({ event: "muted", by: "me" }, "me", 0);
  assert.equal(afterwards.asks([]), false);
  afterwards.note(removed, "me", 0);
  assert.deepEqual([afterwards.asks([{}]), afterwards.asks([])], [false, true]);
  afterwards.answered(MINUTE);
  assert.equal(afterwards.asks([]), false);
  afterwards.note(removed, "me", 10 * MINUTE);
  assert.equal(afterwards.asks([]), false);
  afterwards.note({ event: "posting_resumed", by: "me" }, "me", 11 * MINUTE);
  assert.equal(afterwards.asks([]), true);
});

test("what of the calm is on", () => {
  assert.deepEqual(calmOf({ posting_stopped: false, veil: false, door: "open" }), { stopped: false, veiled: false, knock: false });
  assert.deepEqual(calmOf({ posting_stopped: true, veil: true, door: "knock" }), { stopped: true, veiled: true, knock: true });
});

test("who was removed in the last ten minutes and is still out can come back together", () => {
  const removal = (participant, at, id) => ({ event: "removed", participant, at, id });
  const actions = [removal("old", 0, 1), removal("back", 5 * MINUTE, 2), removal("out", 5 * MINUTE, 3), removal("out", 6 * MINUTE, 4)];
  assert.deepEqual(removedLately(roomOf({ actions, removed: { old: {}, out: {} } }), 11 * MINUTE), ["out"]);
});

test("who moderates now, besides oneself", () => {
  assert.deepEqual(onDuty(roomOf()), ["Juniper"]);
  assert.deepEqual(onDuty(roomOf({ on_break: ["june"] })), []);
});

test("what removed people wrote under the veil is still hidden", () => {
  const said = (id, by, more) => ({ id, by, veiled: true, gone: "", ...more });
  const messages = [said(1, "out"), said(2, "fern"), said(3, "out", { veiled: false }), said(4, "out", { gone: "redacted" })];
  assert.deepEqual(stillHidden(roomOf({ messages, removed: { out: {} } })).map(({ id }) => id), [1]);
});
