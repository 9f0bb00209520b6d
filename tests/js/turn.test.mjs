import assert from "node:assert/strict";
import { test } from "node:test";

import { createTurn } from "../../static/js/turn.js";
import { memoryStore, createStorage } from "../../static/js/storage.js";
import { meeting } from "./a-meeting.mjs";

function aTurn(room) {
  const it = { room: meeting(room), sent: [], told: [], items: [], now: 100000, words: "", drafts: false };
  it.turn = createTurn({
    send: ({ do: command, holds_words: holds }) => it.sent.push(holds === undefined ? command : `${command} ${holds}`),
    holdsWords: () => Boolean(it.words),
    hasDrafts: () => it.drafts,
    notify: (sentence) => it.told.push(sentence),
    roomOf: () => it.room,
    outbox: { items: () => it.items },
    storage: createStorage(memoryStore(), memoryStore()),
    now: () => it.now,
  });
  return it;
}

test("writing is told at most every 8 seconds, and only of one's own share", () => {
  const it = aTurn({ holder: "me", me: { holds_words: true } });
  it.words = "I am";
  for (const second of [0, 1, 7.999, 8, 9, 16]) {
    it.now = 100000 + second * 1000;
    it.turn.wrote();
  }
  assert.deepEqual(it.sent, ["typing true", "typing true", "typing true"]);
  const other = aTurn({ holder: "ada" });
  other.turn.wrote();
  assert.deepEqual(other.sent, []);
});

test("the server is told at once when the field holds words, and when it does not any more", () => {
  const it = aTurn({ holder: "me" });
  it.words = "I";
  it.turn.wrote();
  it.turn.wrote();
  it.room = meeting({ holder: "me", me: { holds_words: true } });
  it.words = "";
  it.now += 2000;
  it.turn.wrote();
  assert.deepEqual(it.sent, ["typing true", "typing false"]);
});

test("a page that was loaded anew, or prepared words, say so without a key being pressed", () => {
  const it = aTurn({ holder: "me" });
  it.words = "prepared";
  it.turn.settle();
  it.turn.settle();
  it.now += 2000;
  it.turn.settle();
  assert.deepEqual(it.sent, ["typing true", "typing true"]);
});

test("what is on its way empties the field on the server as well", () => {
  const it = aTurn({ holder: "me", me: { holds_words: true } });
  it.items = [{ state: "sent" }];
  it.turn.settle();
  it.items = [{ state: "refused" }];
  it.turn.settle();
  assert.deepEqual(it.sent, ["typing false"]);
});

test("a key answers the question at once", () => {
  const it = aTurn({ holder: "me", me: { holds_words: true } });
  it.words = "I am";
  it.turn.wrote();
  it.room = meeting({ holder: "me", me: { holds_words: true, asked: true } });
  it.now += 2000;
  it.turn.wrote();
  assert.deepEqual(it.sent, ["typing true", "typing true"]);
});

test("near the end the server is told every few seconds that there are words, by anyone who may send them", () => {
  const it = aTurn({ holder: "ada" });
  it.drafts = true;
  for (const [second, graced] of [[3000, false], [3571, false], [3575, false], [3580, false], [3601, true], [3604, true]]) {
    it.room = meeting({ holder: "ada", at: { graced } });
    it.now = second * 1000;
    it.turn.settle();
  }
  assert.deepEqual(it.sent, ["typing true", "typing true", "typing true"]);
  const together = aTurn({ at: { fellowship_minutes: 15 } });
  together.drafts = true;
  together.now = 3590 * 1000;
  together.turn.settle();
  assert.deepEqual(together.sent, []);
});

test("what is typed as of old works, with a hint the first time", () => {
  const it = aTurn({ holder: "ada" });
  assert.deepEqual(["!", "done", "hello", "*"].map(it.turn.typed), [true, false, false, true]);
  assert.deepEqual(it.sent, ["raise_hand", "raise_hand"]);
  assert.equal(it.told.length, 1);
});

test("a hand that is up is not raised again", () => {
  const it = aTurn({ holder: "ada", queue: ["me"] });
  assert.equal(it.turn.typed("!"), true);
  assert.deepEqual(it.sent, []);
  assert.match(it.told[1], /up already/);
});

test("the end of a turn waits for the words on their way", () => {
  const it = aTurn({ holder: "me" });
  it.items = [{ state: "sending" }];
  it.turn.typed("done");
  it.turn.settle();
  assert.deepEqual(it.sent, []);
  it.items = [{ state: "sent" }, { state: "refused" }];
  it.turn.settle();
  it.turn.settle();
  assert.deepEqual(it.sent, ["done"]);
});

test("an end that comes too late is dropped", () => {
  const it = aTurn({ holder: "me" });
  it.items = [{ state: "sending" }];
  it.turn.end("pass_floor");
  it.items = [];
  it.room = meeting({ holder: "ada" });
  it.turn.settle();
  it.room = meeting({ holder: "me" });
  it.turn.settle();
  assert.deepEqual(it.sent, []);
});
