import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWERS, goalNow, isClosing } from "../../static/js/goal.js";

const GOAL = { text: "Call my sister", meeting: "beef" };
const LIFE = [
  ["in the middle of a meeting", null, "beef", false, ""],
  ["at its closing", null, "beef", true, "write"],
  ["after it was written", GOAL, "beef", true, "mine"],
  ["after a reload of the same meeting", GOAL, "beef", false, "mine"],
  ["in the next meeting", GOAL, "cafe", false, "ask"],
  ["at the closing of the next, still unanswered", GOAL, "cafe", true, "ask"],
];
for (const [name, goal, meeting, closing, expected] of LIFE) {
  test(`${name}: "${expected}"`, () => assert.equal(goalNow(goal, meeting, closing), expected));
}

test("a closing is a phase of that kind, or the time after the end", () => {
  const course = (kind, fellowship) => isClosing({ course: { phase: { kind }, fellowship } });
  assert.deepEqual([course("closing", false), course("plain", true), course("plain", false)], [true, true, false]);
});

test("every answer has kind words of its own", () => {
  assert.deepEqual(ANSWERS.map(([answer]) => answer), ["Done", "Partly", "Not yet", "I would rather forget it"]);
  assert.equal(new Set(ANSWERS.map(([, words]) => words)).size, 4);
});
