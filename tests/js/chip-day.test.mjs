import assert from "node:assert/strict";
import { test } from "node:test";

import { chipSince, localDay } from "../../static/js/chip_day.js";
import { chipWords, inWords } from "../../static/js/choices.js";

const TODAY = "2026-05-31";
const DAYS = [
  ["2026-05-31", "", "", "Today is the first day."],
  ["2026-05-30", "24_hours", "", "1 day."],
  ["2026-05-24", "1_week", "", "7 days."],
  ["2026-05-02", "1_week", "", "29 days."],
  ["2026-05-01", "30_days", "", "30 days."],
  ["2026-02-01", "90_days", "", "119 days."],
  ["2026-01-31", "4_months", "", "120 days."],
  ["2025-06-30", "11_months", "", "335 days."],
  ["2025-06-01", "11_months", "", "364 days."],
  ["2025-05-31", "1_year", "", "365 days."],
  ["2024-11-30", "18_months", "", "547 days."],
  ["2024-05-31", "years", "2", "730 days."],
  ["2006-06-01", "years", "19", "7304 days."],
];
for (const [day, chip, words, sentence] of DAYS) {
  test(`since ${day}: ${chip} ${words}`, () => {
    assert.deepEqual(chipSince(day, TODAY), { chip, words, sentence });
  });
}

test("a month is full on its day", () => {
  assert.equal(chipSince("2025-05-31", "2026-05-30").chip, "11_months");
  assert.equal(chipSince("2025-05-31", "2026-05-31").chip, "1_year");
});

test("a day to come, or none, is no chip", () => {
  assert.equal(chipSince("2026-06-01", TODAY), null);
  assert.equal(chipSince("", TODAY), null);
});

test("a day is written as the date field writes it", () => assert.equal(localDay(new Date(2026, 4, 3, 23, 59)), "2026-05-03"));

test("codes are told in words", () => {
  assert.deepEqual(["i_hear_you", "4_months", "welcome"].map(inWords), ["I hear you", "4 months", "Welcome"]);
});

test("what stands on a chip", () => {
  const chips = [["30_days", ""], ["years", "5"], ["years", "Many"], ["own", "Still here"]];
  const words = chips.map(([name, text]) => chipWords({ name, text }));
  assert.deepEqual(words, ["30 days", "5 years", "Years", "\u2764\ufe0e"]);
});
