import assert from "node:assert/strict";
import { test } from "node:test";

import { createClock } from "../../static/js/clock.js";
import { createOutbox } from "../../static/js/outbox.js";
import { createRequests, OFFLINE } from "../../static/js/requests.js";
import { createSession } from "../../static/js/session.js";
import { createStorage, memoryStore } from "../../static/js/storage.js";

function start({ kept = [], onNews = null } = {}) {
  const sent = [];
  const doors = [];
  const news = [];
  const storage = createStorage(memoryStore(), memoryStore());
  const clock = createClock(() => 0, () => 0);
  const requests = createRequests((command) => sent.push(command));
  const nothing = () => {};
  const ways = { send: requests.send, newId: () => "new-id", later: nothing, keep: nothing, onChange: nothing };
  const outbox = createOutbox({ ...ways, kept });
  const session = createSession({
    secret: "s",
    device: "device",
    clock,
    storage,
    requests,
    outbox,
    onDoor: (door, wasIn) => doors.push(wasIn),
    onChange: () => {},
    onNews: onNews || (({ event }) => news.push(event)),
  });
  return { session, storage, clock, requests, outbox, sent, doors, news };
}

function snapshot(messages = []) {
  const me = { participant: "me", role: "participant", reactions: {}, held: [] };
  return { starts_at: 0, ends_at: 10, people: {}, messages, more: false, me };
}

function welcome(more = {}) {
  return { is: "welcome", ref: 0, recovered: false, position: "at-1", now: 777, room: snapshot(), ...more };
}

function posted(id, by, origin_id) {
  const message = { id, at: 0, by, nickname: by, role: "participant", text: "hi", origin_id };
  return { is: "entry", event: "message_posted", position: "at-2", ...message };
}

function unsent(origin_id) {
  return { origin_id, text: "hi", state: "sending", code: "", sentence: "" };
}

test("a welcome brings the room, the seat and the time", () => {
  const { session, storage, clock } = start();
  session.take(welcome({ seat: "seat" }));
  assert.equal(session.room().ends_at, 10);
  assert.equal(storage.seat("s"), "seat");
  assert.equal(clock.now(), 777);
});

test("a seat is kept past the longest meeting and its fellowship, whatever this device's clock says", () => {
  const hours = (count) => count * 3600 * 1000;
  const { session, storage } = start();
  session.take(welcome({ seat: "seat", now: 1 }));
  session.take(welcome({ recovered: true, now: hours(5) }));
  assert.equal(storage.seat("s"), "seat");
  session.take({ is: "door", now: hours(7), starts_at: hours(7) });
  assert.equal(storage.seat("s"), "");
});

test("a recovered welcome keeps the room and the unsent words go again", () => {
  const { session, outbox, sent } = start();
  session.take(welcome());
  session.take(posted(2, "ada", "o"));
  outbox.setOnline(false);
  outbox.post("hi");
  session.take(welcome({ recovered: true, room: undefined }));
  assert.equal(session.room().messages.length, 1);
  assert.deepEqual(sent.map(({ origin_id }) => origin_id), ["new-id"]);
});

test("words that are in the snapshot already are not sent again", () => {
  const { session, outbox, sent } = start({ kept: [unsent("mine-1")] });
  session.take(welcome({ room: snapshot([{ id: 1, by: "me", origin_id: "mine-1" }]) }));
  assert.deepEqual(outbox.items(), []);
  assert.deepEqual(sent, []);
});

test("another person's origin_id confirms nothing of mine", () => {
  const { session, outbox } = start({ kept: [unsent("mine-1")] });
  session.take(welcome());
  session.take(posted(2, "ada", "mine-1"));
  assert.equal(outbox.items().length, 1);
  session.take(posted(3, "me", "mine-1"));
  assert.deepEqual(outbox.items(), []);
});

test("in a new seat unsent words wait for a word of their author", () => {
  const { session, outbox, sent } = start({ kept: [unsent("mine-1")] });
  session.take(welcome({ seat: "new" }));
  assert.equal(outbox.items()[0].state, "refused");
  assert.deepEqual(sent, []);
});

test("back at the door the room is forgotten", () => {
  const { session, doors } = start();
  session.take({ is: "door", now: 0 });
  session.take(welcome());
  session.take({ is: "door", now: 0 });
  assert.equal(session.room(), null);
  assert.deepEqual(doors, [false, true]);
});

test("answers find who asked, and a lost connection answers for the server", () => {
  const { session, requests } = start();
  const heard = [];
  requests.send({ do: "calm" }, (frame) => heard.push(frame.is));
  requests.send({ do: "end_calm" }, (frame) => heard.push(frame));
  session.take({ is: "done", ref: 1, id: 4 });
  requests.fail();
  assert.deepEqual(heard, ["done", OFFLINE]);
});

test("entries are folded before they are news", () => {
  const { session, news } = start();
  session.take(welcome());
  session.take({ is: "entry", event: "joined", id: 2, at: 0, participant: "ada", nickname: "Ada", role: "participant" });
  session.take({ is: "personal", event: "my_mute", id: 3, until: 9, reason: "r" });
  assert.deepEqual(news, ["joined"]);
  assert.equal(session.room().people.ada.here, true);
  assert.equal(session.room().me.muted_until, 9);
  assert.equal(session.notes().length, 1);
});

test("earlier messages are added, and let go again", () => {
  const { session } = start();
  session.take(welcome());
  session.take(posted(500, "ada", "o"));
  session.addEarlier({ messages: Array.from({ length: 600 }, (_, index) => ({ id: `old-${index}` })), more: true });
  assert.equal(session.room().messages.length, 601);
  session.shorten();
  assert.equal(session.room().messages.length, 500);
});

test("the door is told which device this is, and a knock keeps its seat on it", () => {
  const { session, storage, requests } = start();
  const answers = [];
  session.take({ is: "door", door: "knock", starts_at: 1000, now: 5 });
  assert.equal(storage.device("s"), "device");
  assert.equal(storage.seat("s"), "");
  requests.send({ do: "join" }, (frame) => answers.push(frame.is));
  session.take({ is: "knocking", ref: 1, seat: "seat" });
  assert.equal(storage.seat("s"), "seat");
  assert.equal(storage.device("s"), "device");
  assert.deepEqual(answers, ["knocking"]);
});

test("words that a moderator looks at first are not on their way any more", () => {
  const { session, outbox } = start({ kept: [unsent("one"), unsent("two")] });
  session.take(welcome({ room: { ...snapshot(), me: { ...snapshot().me, held: [{ origin_id: "one" }] } } }));
  assert.deepEqual(outbox.items().map(({ origin_id }) => origin_id), ["two"]);
  session.take({ is: "personal", event: "my_held", origin_id: "two", held: 9, id: 9, at: 0, text: "hi", state: "waiting", reason: "" });
  assert.deepEqual(outbox.items(), []);
});

test("what moderators must hear of is news, also without an entry", () => {
  const told = [];
  const { session } = start({ onNews: (frame) => told.push(frame) });
  session.take(welcome());
  session.take({ is: "policy_trouble", names: ["contact"] });
  assert.deepEqual(told, [{ is: "policy_trouble", names: ["contact"] }]);
});
