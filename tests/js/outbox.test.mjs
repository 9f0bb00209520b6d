import assert from "node:assert/strict";
import { test } from "node:test";

import { createOutbox, DIRECT, isPost } from "../../static/js/outbox.js";
import { OFFLINE } from "../../static/js/requests.js";
import { fakeTime } from "./fake-time.mjs";

function start({ kept = [], online = true } = {}) {
  const time = fakeTime();
  const sent = [];
  const stored = { items: kept };
  let numbered = 0;
  const outbox = createOutbox({
    send: (command, answer) => sent.push({ ...command, answer }),
    newId: () => `id-${(numbered += 1)}`,
    later: time.later,
    kept,
    keep: (items) => (stored.items = items),
    onChange: () => {},
  });
  outbox.setOnline(online);
  const answer = (frame) => sent[sent.length - 1].answer(frame);
  return {
    outbox,
    time,
    sent,
    stored,
    answer,
    done: (id) => answer({ is: "done", id }),
    refuse(code, more = {}) {
      answer({ is: "refused", code, sentence: `Because of ${code}.`, detail: "", retry_after_seconds: 0, ...more });
    },
    texts: () => sent.map(({ text }) => text),
    states: () => outbox.items().map(({ text, state }) => [text, state]),
  };
}

function unsent(text, state = "sending") {
  return { origin_id: `old-${text}`, text, state, code: "", sentence: "" };
}

test("a post is sent, answered, and gone when its entry comes", () => {
  const it = start();
  it.outbox.post("hello");
  assert.deepEqual(it.states(), [["hello", "sending"]]);
  it.done(7);
  assert.deepEqual(it.states(), [["hello", "sent"]]);
  it.outbox.confirm("id-1");
  assert.deepEqual(it.states(), []);
});

test("the entry may come before the answer, or never", () => {
  const it = start();
  it.outbox.post("one");
  it.outbox.confirm("id-1");
  it.done(7);
  it.outbox.post("two");
  it.done(9);
  it.outbox.post("three");
  it.outbox.settle();
  assert.deepEqual(it.states(), [["three", "sending"]]);
  it.done(10);
  it.outbox.settle();
  assert.deepEqual(it.states(), []);
});

test("posts go one at a time, in order", () => {
  const it = start();
  ["a", "b", "c"].forEach(it.outbox.post);
  assert.deepEqual(it.texts(), ["a"]);
  it.done(1);
  assert.deepEqual(it.texts(), ["a", "b"]);
});

test("without a connection words wait, and go under the same id", () => {
  const it = start();
  it.outbox.post("a");
  it.answer(OFFLINE);
  it.outbox.setOnline(false);
  it.outbox.post("b");
  assert.deepEqual(it.texts(), ["a"]);
  it.outbox.setOnline(true);
  it.done(1);
  assert.deepEqual(it.sent.map(({ origin_id, text }) => [origin_id, text]), [["id-1", "a"], ["id-1", "a"], ["id-2", "b"]]);
});

for (const code of ["slow_down", "room_busy", "reconnecting"]) {
  test(`${code}: it is sent again by itself, and nothing overtakes it`, () => {
    const it = start();
    it.outbox.post("a");
    it.outbox.post("b");
    it.refuse(code, { retry_after_seconds: 3 });
    it.time.pass(2999);
    assert.deepEqual(it.texts(), ["a"]);
    it.time.pass(1);
    assert.deepEqual(it.texts(), ["a", "a"]);
    it.done(1);
    assert.deepEqual(it.texts(), ["a", "a", "b"]);
  });
}

test("a refusal keeps the words with its sentence, and the next may go", () => {
  const it = start();
  it.outbox.post("a");
  it.outbox.post("b");
  it.refuse("muted");
  assert.deepEqual(it.states(), [["a", "refused"], ["b", "sending"]]);
  assert.equal(it.outbox.items()[0].sentence, "Because of muted.");
  assert.deepEqual(it.texts(), ["a", "b"]);
});

test("try again sends under the same id", () => {
  const it = start();
  it.outbox.post("a");
  it.refuse("muted");
  it.outbox.retry("id-1");
  assert.deepEqual(it.sent.map(({ origin_id }) => origin_id), ["id-1", "id-1"]);
});

test("an id that was used for other words is replaced", () => {
  const it = start();
  it.outbox.post("a");
  it.refuse("origin_reused");
  it.outbox.retry("id-1");
  assert.deepEqual(it.sent.map(({ origin_id }) => origin_id), ["id-1", "id-2"]);
});

test("take back gives the words back", () => {
  const it = start();
  it.outbox.post("a");
  it.refuse("text_too_long", { detail: "At most 2000 characters." });
  assert.equal(it.outbox.items()[0].sentence, "Because of text_too_long. At most 2000 characters.");
  assert.equal(it.outbox.takeBack("id-1").text, "a");
  assert.deepEqual(it.states(), []);
  assert.deepEqual(it.stored.items, []);
});

test("after a reload what was on its way is sent again, what was refused is not", () => {
  const it = start({ kept: [unsent("a"), unsent("b", "refused"), unsent("c", "sent")], online: false });
  assert.deepEqual(it.states(), [["a", "sending"], ["b", "refused"]]);
  it.outbox.setOnline(true);
  assert.deepEqual(it.sent.map(({ origin_id }) => origin_id), ["old-a"]);
});

test("in a new seat nothing is sent unasked", () => {
  const it = start({ kept: [unsent("a")], online: false });
  it.outbox.hold("Still?");
  it.outbox.setOnline(true);
  assert.deepEqual(it.texts(), []);
  assert.equal(it.outbox.items()[0].sentence, "Still?");
});

test("after stop nothing is sent, and what is stored stays as it was", () => {
  const it = start();
  it.outbox.post("a");
  it.refuse("slow_down");
  const stored = it.stored.items;
  it.outbox.stop();
  it.time.pass(10000);
  assert.deepEqual(it.texts(), ["a"]);
  assert.deepEqual(it.states(), []);
  assert.equal(it.stored.items, stored);
});

test("words for a private line go there, in the same order, under the same id when they are sent again", () => {
  const it = start();
  it.outbox.post("to all");
  it.outbox.post("to one", { line: "ada" });
  it.done(4);
  assert.deepEqual([it.sent[1].do, it.sent[1].line, it.sent[1].text], ["say_privately", "ada", "to one"]);
  it.answer(OFFLINE);
  it.outbox.setOnline(false);
  it.outbox.setOnline(true);
  assert.equal(it.sent[2].origin_id, it.sent[1].origin_id);
  assert.equal(it.sent[2].line, "ada");
  assert.deepEqual(it.outbox.items().map(isPost), [true, false]);
});

test("words for one's own line keep their place over a reload", () => {
  const before = start({ online: false });
  before.outbox.post("to the moderators", { line: "" });
  const it = start({ kept: JSON.parse(JSON.stringify(before.stored.items)) });
  assert.deepEqual([it.sent[0].do, it.sent[0].line], ["say_privately", ""]);
});

test("slow mode keeps one's words for everyone until they may go, and nothing else", () => {
  const it = start();
  it.outbox.post("slowly");
  it.refuse("slow_mode", { retry_after_seconds: 30 });
  it.outbox.post("quietly", { line: "" });
  it.done(3);
  assert.deepEqual(it.sent.map((command) => command.do), ["post", "say_privately"]);
  assert.deepEqual(it.states(), [["slowly", "sending"], ["quietly", "sent"]]);
  it.time.pass(29999);
  assert.equal(it.sent.length, 2);
  it.time.pass(1);
  assert.deepEqual(it.texts(), ["slowly", "quietly", "slowly"]);
});

test("a policy's reason is kept, and words go with their content note, also although a nudge was read", () => {
  const it = start();
  it.outbox.post("call 555", { topic: "death" });
  it.refuse("nudged", { detail: "This looks like a phone number." });
  assert.deepEqual(it.outbox.items().map(({ code, reason }) => [code, reason]), [["nudged", "This looks like a phone number."]]);
  it.outbox.takeBack("id-1");
  it.outbox.post("call 555", { topic: "death", anyway: true });
  const { answer, ...command } = it.sent[1];
  assert.deepEqual(command, { do: "post", origin_id: "id-2", text: "call 555", topic: "death", anyway: true });
});

test("direct words go to the other person", () => {
  const it = start();
  it.outbox.post("hello", { line: `${DIRECT}ada` });
  const { answer, ...command } = it.sent[0];
  assert.deepEqual(command, { do: "say_direct", participant: "ada", origin_id: "id-1", text: "hello" });
  assert.equal(isPost(it.outbox.items()[0]), false);
});
