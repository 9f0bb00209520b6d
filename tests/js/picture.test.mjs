import assert from "node:assert/strict";
import { test } from "node:test";

import { FEELINGS, feelingRows, mineText, titleOf, together, urgeColumns, urgeText } from "../../static/js/picture.js";

function picture(feelings, urges) {
  return { feelings, urges: Array.from({ length: 11 }, (_, urge) => urges[urge] || 0) };
}

const FIRST = picture({ tired: 3, calm: 1, sad: 1 }, { 0: 1, 6: 4 });
const SECOND = picture({ calm: 4, proud: 1 }, { 2: 5 });

test("there are ten feelings, each once", () => {
  assert.equal(FEELINGS.length, 10);
  assert.equal(new Set(FEELINGS).size, 10);
});

test("feelings stand in one order, each with its share of those who answered", () => {
  assert.deepEqual(feelingRows(FIRST), [
    { label: "calm", count: 1, part: 0.2 },
    { label: "tired", count: 3, part: 0.6 },
    { label: "sad", count: 1, part: 0.2 },
  ]);
});

test("two pictures show the same feelings, also those that nobody named in one", () => {
  const [first, second] = [FIRST, SECOND].map((one) => feelingRows(one, [FIRST, SECOND]).map(({ label, count }) => [label, count]));
  assert.deepEqual(first, [["calm", 1], ["proud", 0], ["tired", 3], ["sad", 1]]);
  assert.deepEqual(second, [["calm", 4], ["proud", 1], ["tired", 0], ["sad", 0]]);
});

test("the highest urge column is full", () => {
  const found = urgeColumns(FIRST);
  assert.equal(found.length, 11);
  assert.deepEqual(found[6], { urge: 6, count: 4, part: 1 });
  assert.deepEqual(found[0], { urge: 0, count: 1, part: 0.25 });
  assert.equal(found[10].count, 0);
});

test("the urges in words", () => assert.equal(urgeText(FIRST), "The urge: 1 person 0, 4 people 6."));

test("what I answered is told to me", () => {
  assert.equal(mineText(undefined), "");
  assert.equal(mineText({ feeling: "", urge: 0 }), "You passed.");
  assert.equal(mineText({ feeling: "sad", urge: 0 }), "You answered sad, and 0 for the urge. Only you see this.");
});

test("a later picture stands beside the first one there is", () => {
  const round = (id, more) => ({ round: id, open: false, picture: FIRST, ...more });
  const rounds = [round(1, { picture: null }), round(2), round(3), round(4)];
  assert.deepEqual(together(rounds, 4).map((one) => one.round), [2, 4]);
  assert.deepEqual(together(rounds, 2).map((one) => one.round), [2]);
  assert.deepEqual(together(rounds, 1).map((one) => one.round), [1]);
});

test("check-ins are named by their place", () => assert.deepEqual([0, 1, 9].map(titleOf), ["First check-in", "Second check-in", "Tenth check-in"]));
