import assert from "node:assert/strict";
import { test } from "node:test";

import { createHeld } from "../../static/js/held.js";
import { createStorage, memoryStore } from "../../static/js/storage.js";

/** What session.js keeps. */
const KEPT = { one: { text: "my words", open: true } };

function room(...held) {
  return { me: { participant: "me", held }, messages: [] };
}

const WAITING = { held: 7, origin_id: "one", kind: "post", text: "my words", state: "waiting", reason: "" };
const REJECTED = { ...WAITING, text: "", state: "rejected", reason: "No phone numbers, please." };

function start() {
  const tab = memoryStore();
  const storage = createStorage(tab, memoryStore());
  storage.set("held", KEPT);
  return { storage, held: createHeld(storage), again: () => createHeld(createStorage(tab, memoryStore())) };
}

test("words that wait are shown as such, the same thing as long as nothing changes", () => {
  const { held } = start();
  const waiting = room(WAITING);
  const [item] = held.items(waiting);
  assert.deepEqual([item.text, item.state], ["my words", "waiting"]);
  assert.match(item.sentence, /^A moderator looks at this first\./);
  assert.equal(held.items(waiting)[0], item);
});

test("rejected words stay with the reason, also after a reload, until they are put away", () => {
  const { held, again } = start();
  const [item] = held.items(room(REJECTED));
  assert.deepEqual([item.text, item.sentence], ["my words", "Not sent. A moderator says: No phone numbers, please."]);
  const later = again();
  assert.equal(later.items(room(REJECTED))[0].text, "my words");
  later.putAway("one");
  assert.deepEqual(later.items(room(REJECTED)), []);
  assert.deepEqual(again().items(room(REJECTED)), []);
});

test("in another tab there is at least the reason", () => {
  const { held } = start();
  assert.match(held.items(room({ ...REJECTED, origin_id: "two" }))[0].text, /not in this tab/);
});

test("a rejection is told once, and nothing is told of what was decided before", () => {
  const { held } = start();
  assert.deepEqual(held.newsOf(room({ ...REJECTED, origin_id: "old" }, WAITING)), []);
  assert.equal(held.items(room(WAITING)).length, 1);
  assert.match(held.newsOf(room(REJECTED))[0], /^Not sent\. A moderator says: No phone numbers, please\./);
  assert.deepEqual(held.newsOf(room(REJECTED)), []);
});

test("what was let through is told when it is there, and what one took back is not", () => {
  const { storage, held } = start();
  storage.set("held", { ...KEPT, two: KEPT.one });
  held.putAway("two");
  assert.deepEqual(held.newsOf(room()), []);
  const messages = [{ by: "me", origin_id: "one" }, { by: "me", origin_id: "two" }];
  assert.deepEqual(held.newsOf({ ...room(), messages }), ["A moderator has let your message through. Everyone can read it now."]);
  assert.deepEqual(held.newsOf({ ...room(), messages }), []);
  assert.deepEqual(storage.get("held"), { two: { away: true } });
});
