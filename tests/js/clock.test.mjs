import assert from "node:assert/strict";
import { test } from "node:test";

import { createClock, createStopwatch, dayOf, duration, timeLeft, timeOf } from "../../static/js/clock.js";

const NOW = Date.UTC(2026, 2, 10, 20, 0);
const HOUR = 3600000;

test("the clock follows the server", () => {
  let [device, steady] = [5 * HOUR, 1000];
  const clock = createClock(() => device, () => steady);
  assert.equal(clock.now(), 5 * HOUR);
  clock.set(5000);
  steady = 1500;
  assert.equal(clock.now(), 5500);
  device += 24 * HOUR;
  assert.equal(clock.now(), 5500);
});

test("a stopwatch counts what a device has slept, and never goes back", () => {
  let [device, steady] = [0, 0];
  const elapsed = createStopwatch(() => device, () => steady);
  [device, steady] = [10, 10];
  assert.equal(elapsed(), 10);
  [device, steady] = [60010, 20];
  assert.equal(elapsed(), 60010);
  [device, steady] = [-5 * HOUR, 1020];
  assert.equal(elapsed(), 61010);
});

test("a time today is the time of day", () => {
  assert.equal(timeOf(NOW - HOUR, NOW, "en-GB", "UTC"), "19:00");
  assert.equal(timeOf(NOW - HOUR, NOW, "en-GB", "America/New_York"), "15:00");
});

test("a time of another day names the day", () => {
  assert.equal(timeOf(NOW - 24 * HOUR, NOW, "en-GB", "UTC"), "Mon 20:00");
  assert.equal(timeOf(NOW + 9 * 24 * HOUR, NOW, "en-GB", "UTC"), "19 Mar 20:00");
  assert.equal(timeOf(NOW - 6 * HOUR, NOW, "en-GB", "Asia/Tokyo"), "Tue 23:00");
});

test("a day is the day where the person is", () => {
  assert.equal(dayOf(NOW, "en-GB", "UTC"), "Tuesday 10 March");
  assert.equal(dayOf(NOW, "en-GB", "Asia/Tokyo"), "Wednesday 11 March");
});

const DURATIONS = [
  [0, "less than a minute"],
  [57000, "less than a minute"],
  [60000, "1 minute"],
  [300900, "5 minutes"],
  [3600000, "1 hour"],
  [4860000, "1 hour 21 minutes"],
];
for (const [ms, words] of DURATIONS) test(`${ms} ms are ${words}`, () => assert.equal(duration(ms), words));

test("what is left is short", () => {
  assert.equal(timeLeft(37 * 60000), "37 min left");
  assert.equal(timeLeft(20000), "less than a minute left");
});
