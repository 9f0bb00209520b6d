import assert from "node:assert/strict";
import { test } from "node:test";

import { createPatience } from "../../static/js/notices.js";
import { fakeTime } from "./fake-time.mjs";

function start() {
  const time = fakeTime();
  const told = [];
  return { time, told, patience: createPatience({ ...time, tell: (sentence) => told.push(sentence) }) };
}

test("a short cut is not worth a word", () => {
  const { time, told, patience } = start();
  patience.lost("");
  time.pass(1999);
  patience.back();
  time.pass(10000);
  assert.deepEqual(told, []);
});

test("a cut that lasts is told after 2 seconds, however often it is tried meanwhile", () => {
  const { time, told, patience } = start();
  for (let tries = 0; tries < 4; tries += 1) {
    patience.lost("");
    time.pass(500);
  }
  assert.deepEqual(told, [""]);
});

test("the server's own words are told", () => {
  const { time, told, patience } = start();
  patience.lost("Soon.");
  patience.lost("");
  time.pass(2000);
  patience.back();
  patience.lost("");
  time.pass(2000);
  assert.deepEqual(told, ["Soon.", ""]);
});
