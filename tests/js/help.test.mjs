import assert from "node:assert/strict";
import { test } from "node:test";

import { guessCountry, linesFor } from "../../static/js/help.js";

const COUNTRIES = [
  { country: "AR", zones: ["America/Argentina/Buenos_Aires", "America/Buenos_Aires"] },
  { country: "GB", zones: ["Europe/London"] },
  { country: "US", zones: ["America/New_York", "America/Indiana/Knox"] },
  { country: "", zones: [] },
];

const guess = (zone, ...languages) => guessCountry(COUNTRIES, zone, languages);

test("the time zone tells more than the language, which many never set", () => {
  assert.equal(guess("Europe/London", "en-US", "en"), "GB");
  assert.equal(guess("America/Buenos_Aires", "es"), "AR");
});

test("where the zone says nothing the first language with a known country does", () => {
  assert.equal(guess("UTC", "de-DE", "en", "en-GB", "en-US"), "GB");
  assert.equal(guess("Europe/Berlin", "zh-Hant-US"), "US");
});

test("nothing is guessed from nothing", () => {
  assert.equal(guess("UTC", "en"), "");
  assert.equal(guess("Europe/Berlin", "de-DE"), "");
  assert.equal(guess(undefined), "");
});

test("before the list is there nobody has lines", () => {
  assert.deepEqual(linesFor("GB"), []);
});
