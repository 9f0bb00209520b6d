import assert from "node:assert/strict";
import { test } from "node:test";

import { faultOf, move, optionsOf, resultRows, toggle } from "../../static/js/ranking.js";

test("what is chosen comes last, what is chosen again goes", () => {
  assert.deepEqual(toggle([2, 0], 1), [2, 0, 1]);
  assert.deepEqual(toggle([2, 0, 1], 0), [2, 1]);
});

const MOVES = [
  [[0, 1, 2], 1, -1, [1, 0, 2]],
  [[0, 1, 2], 1, 1, [0, 2, 1]],
  [[0, 1, 2], 0, -1, [0, 1, 2]],
  [[0, 1, 2], 2, 1, [0, 1, 2]],
  [[0, 1, 2], 7, 1, [0, 1, 2]],
];
for (const [order, option, by, expected] of MOVES) {
  test(`${option} in ${order} moved by ${by}`, () => assert.deepEqual(move(order, option, by), expected));
}

test("options are the lines that are not empty", () => assert.deepEqual(optionsOf(" Sleep \n\n Work\n"), ["Sleep", "Work"]));

const ten = Array.from({ length: 10 }, (_, index) => `option ${index}`);
const FAULTS = [
  [["a", "b"], /^$/],
  [ten, /^$/],
  [["\u{1f642}".repeat(100), "b"], /^$/],
  [["a"], /2 to 10 options.*This has 1\./],
  [[...ten, "more"], /This has 11\./],
  [["a", "b".repeat(101)], /Option 2 is longer/],
  [["a", "a"], /the same/],
];
for (const [options, expected] of FAULTS) test(`${options.length} options: ${expected}`, () => assert.match(faultOf(options), expected));

const POLL = { options: ["a", "b", "c"], kind: "several", counts: [1, 4, 0] };

test("a result has its number, its length, and what is one's own", () => {
  assert.deepEqual(resultRows(POLL, [0, 2]), [
    { label: "a", words: "1 vote", part: 0.25, mine: "your vote" },
    { label: "b", words: "4 votes", part: 1, mine: "" },
    { label: "c", words: "0 votes", part: 0, mine: "your vote" },
  ]);
});

test("a ranked result counts points, and tells one's own order", () => {
  const rows = resultRows({ ...POLL, kind: "ranked" }, [2, 0]);
  assert.deepEqual(rows.map(({ words, mine }) => [words, mine]), [["1 point", "your number 2"], ["4 points", ""], ["0 points", "your number 1"]]);
});

test("without a vote nothing is long", () => {
  assert.deepEqual(resultRows({ ...POLL, counts: [0, 0, 0] }).map(({ part }) => part), [0, 0, 0]);
});
