import assert from "node:assert/strict";
import { test } from "node:test";

import { isolate, sentence } from "../../static/js/direction.js";

const [OPENS, CLOSES] = ["\u2068", "\u2069"];
const HEBREW = "שלום לכולם";
const ARABIC = "أهلا بكم";

test("what runs from left to right is left as it is", () => {
  for (const text of ["", "River came in", "12 new", "Grüße!", "日本 came in", "\u2764\ufe0e"]) {
    assert.equal(sentence(text), text);
    assert.equal(isolate(text), text);
  }
});

test("a name within a sentence of ours is isolated, with nothing beside it", () => {
  for (const name of [HEBREW, ARABIC, "علی\u200cرضا", "צה״ל"]) {
    assert.equal(sentence(`${name}: 3 new`), `${OPENS}${name}${CLOSES}: 3 new`);
    assert.equal(sentence(`Mute ${name}?`), `Mute ${OPENS}${name}${CLOSES}?`);
  }
});

test("two names side by side are two", () => {
  const text = sentence(`${HEBREW}, ${ARABIC} and 3 others came in`);
  assert.equal(text, `${OPENS}${HEBREW}${CLOSES}, ${OPENS}${ARABIC}${CLOSES} and 3 others came in`);
});

test("a text without a word of ours is isolated as a whole, with its signs", () => {
  assert.equal(sentence(`${HEBREW}!`), `${OPENS}${HEBREW}!${CLOSES}`);
});

test("what was isolated is not isolated again", () => {
  const once = `Topic: ${isolate(`${HEBREW}!`)}`;
  assert.equal(once, `Topic: ${OPENS}${HEBREW}!${CLOSES}`);
  assert.equal(sentence(once), once);
  assert.equal(sentence(isolate(`${HEBREW}!`)), `${OPENS}${HEBREW}!${CLOSES}`);
});
