import assert from "node:assert/strict";
import { test } from "node:test";

import { createTurn } from "../../static/js/turn.js";
import { memoryStore, createStorage } from "../../static/js/storage.js";
import { meeting } from "./a-meeting.mjs";

function aTurn(room) {
  const it = { room: meeting(room), sent: [], told: [], items: [], now: 100000 };
  it.turn = createTurn({
    send: ({ do: command }) => it.sent.push(command),
    notify: (sentence) => it.told.push(sentence),
    roomOf: () => it.room,
    outbox: { items: () => it.items },
    storage: createStorage(memoryStore(), memoryStore()),
    now: () => it.now,
  });
  return it;
}

test("writing is told at most every 8 seconds, and only of one's own share", () => {
  const it = aTurn({ holder: "me" });
  for (const second of [0, 1, 7.999, 8, 9, 16]) {
    it.now = 100000 + second * 1000;
    it.turn.wrote();
  }
  assert.deepEqual(it.sent, ["typing", "typing", "typing"]);
  const other = aTurn({ holder: "ada" });
  other.turn.wrote();
  assert.deepEqual(other.sent, []);
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
