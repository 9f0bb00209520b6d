import assert from "node:assert/strict";
import { test } from "node:test";

import { createStorage, memoryStore, tagOf } from "../../static/js/storage.js";

const SECRET = "apple-river-stone-cloud-maple-fern";

function watched() {
  const store = memoryStore();
  const written = {};
  return {
    ...store,
    written,
    setItem(key, value) {
      written[key] = value;
      store.setItem(key, value);
    },
    removeItem(key) {
      delete written[key];
      store.removeItem(key);
    },
  };
}

function start() {
  const session = watched();
  const local = watched();
  return { session, local, storage: createStorage(session, local) };
}

test("the device keeps its key beside the seat, and loses it with the room", () => {
  const { local, storage } = start();
  assert.equal(storage.device(SECRET), "");
  storage.keepDevice(SECRET, "key", 100);
  assert.equal(storage.seat(SECRET), "");
  storage.keepSeat(SECRET, "seat", 200);
  storage.openPage(SECRET);
  assert.deepEqual(JSON.parse(local.written["meeting:seats"]), {
    [tagOf(SECRET)]: { device: "key", until: 200, seat: "seat", page: 1 },
  });
  assert.equal(createStorage(memoryStore(), local).device(SECRET), "key");
  storage.forget(SECRET);
  assert.deepEqual(local.written, {});
});

test("a tag is 16 bits", () => {
  assert.match(tagOf(SECRET), /^[0-9a-f]{4}$/);
  assert.notEqual(tagOf(SECRET), tagOf(`${SECRET}s`));
});

test("the seat is found again, also by another tab", () => {
  const { local, storage } = start();
  storage.keepSeat(SECRET, "seat", 100);
  assert.equal(storage.seat(SECRET), "seat");
  assert.equal(createStorage(memoryStore(), local).seat(SECRET), "seat");
});

test("the local store never holds the secret or words", () => {
  const { local, storage } = start();
  storage.useLink(SECRET, `${SECRET}.token`);
  storage.keepSeat(SECRET, "seat", 100);
  storage.set("draft", "my words");
  assert.deepEqual(JSON.parse(local.written["meeting:seats"]), { [tagOf(SECRET)]: { seat: "seat", until: 100 } });
  assert.deepEqual(Object.keys(local.written), ["meeting:seats"]);
});

test("the pages that are opened for a seat are counted, whoever took it", () => {
  const { local, storage } = start();
  assert.equal(storage.openPage(SECRET), 0);
  storage.keepSeat(SECRET, "seat", 100);
  const second = createStorage(memoryStore(), local);
  assert.equal(second.openPage(SECRET), 1);
  assert.equal(createStorage(memoryStore(), local).openPage(SECRET), 2);
  second.keepSeat(SECRET, "another seat", 100);
  const last = createStorage(memoryStore(), local);
  assert.equal(last.openPage(SECRET), 2);
  assert.equal(last.seat(SECRET), "another seat");
});

test("seats are deleted by the time of the server, which a page must know first", () => {
  const { local, storage } = start();
  storage.keepSeat(SECRET, "seat", 100);
  storage.keepSeat("another-room", "other", 200);
  const again = createStorage(memoryStore(), local);
  assert.equal(again.seat(SECRET), "seat");
  again.prune(100);
  assert.equal(again.seat(SECRET), "");
  assert.equal(again.seat("another-room"), "other");
  again.prune(200);
  assert.deepEqual(local.written, {});
});

test("forgetting a room leaves nothing of it, and other rooms alone", () => {
  const { session, local, storage } = start();
  storage.useLink(SECRET, SECRET);
  storage.keepSeat(SECRET, "seat", 100);
  storage.keepSeat("another-room", "other", 100);
  storage.set("draft", "words");
  storage.set("prepared", true);
  storage.set("topic", "death");
  storage.set("hidden", { someone: "Ada" });
  storage.set("uncovered", ["death"]);
  storage.set("hinted", ["done"]);
  storage.set("enter", false);
  storage.set("unsent", [{ text: "words" }]);
  storage.forget(SECRET);
  assert.deepEqual(session.written, {});
  assert.equal(storage.seat(SECRET), "");
  assert.equal(storage.seat("another-room"), "other");
});

test("a draft stays with its meeting", () => {
  const { storage } = start();
  storage.useLink(SECRET, SECRET);
  storage.set("draft", "words");
  storage.useLink(SECRET, `${SECRET}.token`);
  assert.equal(storage.get("draft"), "words");
  storage.useLink("another-room", "another-room");
  assert.equal(storage.get("draft", ""), "");
});

test("everything that is stored is ours to erase", () => {
  const { session, storage } = start();
  storage.useLink(SECRET, SECRET);
  storage.set("enter", false);
  assert.ok(Object.keys(session.written).every((key) => key.startsWith("meeting:")));
});

test("a store that is full or broken does not stop the page", () => {
  const broken = {
    getItem: () => "{",
    setItem() {
      throw new Error("full");
    },
    removeItem() {},
  };
  const storage = createStorage(broken, broken);
  storage.keepSeat(SECRET, "seat", 100);
  storage.set("draft", "words");
  assert.equal(storage.get("draft", ""), "");
  assert.equal(storage.seat(SECRET), "");
});

test("what a person asks the device to keep stays when a meeting is forgotten", () => {
  const { session, local, storage } = start();
  storage.keep("goal", { text: "Call my sister", meeting: tagOf(SECRET) });
  storage.set("private", { "": "words" });
  storage.forget(SECRET);
  assert.deepEqual(Object.keys(local.written), ["meeting:goal"]);
  assert.deepEqual(session.written, {});
  assert.equal(storage.kept("goal").text, "Call my sister");
  storage.keep("goal", null);
  assert.deepEqual(local.written, {});
  assert.equal(storage.kept("goal"), null);
});
