import assert from "node:assert/strict";
import { test } from "node:test";

import { mayAsk, talkOf, talksOf } from "../../static/js/direct_talks.js";

const ADA = { nickname: "Ada", here: true, role: "participant" };

function room({ state, said = [], direct = true, people = { ada: ADA }, ...more } = {}) {
  const talks = state ? { ada: { nickname: "Ada", state, said } } : {};
  return { direct, people, me: { participant: "me", direct: talks }, ...more };
}

test("a talk says what it is, and whose words are whose", () => {
  const said = [{ said: 7, at: 1, mine: true, text: "hi", origin_id: "a" }, { said: 9, at: 2, mine: false, text: "hello", origin_id: "b" }];
  const talk = talkOf(room({ state: "open", said }), "ada");
  assert.deepEqual([talk.id, talk.other, talk.open], ["direct-ada", "ada", true]);
  assert.deepEqual(talk.said.map(({ key, name }) => [key, name]), [[7, "You"], [9, "Ada"]]);
  assert.match(talk.sentence, /Only you and Ada see this/);
  assert.equal(talksOf(room({ state: "open" })).length, 1);
  assert.equal(talkOf(room(), "ada"), null);
});

test("words can be written only while both agree", () => {
  for (const state of ["asked", "asks_me", "over"]) assert.equal(talkOf(room({ state }), "ada").open, false);
});

test("one may ask where the host allows it, who is here, and nobody twice at once", () => {
  assert.equal(mayAsk(room(), "ada"), true);
  assert.equal(mayAsk(room({ state: "over" }), "ada"), true);
  assert.equal(mayAsk(room({ state: "asked" }), "ada"), false);
  assert.equal(mayAsk(room({ direct: false }), "ada"), false);
  assert.equal(mayAsk(room({ people: {} }), "ada"), false);
  assert.equal(mayAsk(room({ people: {}, crowd: 200 }), "ada"), true);
});

test("words that one reported are a sentence, and not reported again", () => {
  const said = [{ said: 9, at: 2, mine: false, text: "", origin_id: "b" }];
  const [one] = talkOf(room({ state: "open", said }), "ada").said;
  assert.deepEqual([one.text, one.reported], ["You reported this, so you don't see it any more.", true]);
});
