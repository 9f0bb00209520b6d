import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { chipSince, localDay } from "../../static/js/chip_day.js";
import { CHIPS } from "../../static/js/chip_sheet.js";

const HOME = process.env.TZ;
afterEach(() => {
  if (HOME === undefined) delete process.env.TZ;
  else process.env.TZ = HOME;
});

const ZONES = ["Pacific/Kiritimati", "Europe/Berlin", "UTC", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"];
const HALF_PAST_TEN = Date.UTC(2026, 2, 29, 22, 30);

test("today is the day it is where the person is", () => {
  const days = ["Pacific/Kiritimati", "Europe/Berlin", "UTC", "America/New_York"].map((zone) => {
    process.env.TZ = zone;
    return localDay(HALF_PAST_TEN);
  });
  assert.deepEqual(days, ["2026-03-30", "2026-03-30", "2026-03-29", "2026-03-29"]);
});

for (const zone of ZONES) {
  test(`a day is a day in ${zone}, also when the clocks change`, () => {
    process.env.TZ = zone;
    const counted = [
      ["2026-03-28", "2026-03-30"],
      ["2026-10-24", "2026-10-26"],
      ["2026-03-07", "2026-03-09"],
      ["2011-12-29", "2011-12-31"],
    ].map(([from, to]) => chipSince(from, to).sentence);
    assert.deepEqual(counted, ["2 days.", "2 days.", "2 days.", "2 days."]);
    assert.equal(chipSince("2024-02-29", "2025-03-01").chip, "1_year");
    assert.equal(chipSince("2025-10-26", "2026-10-26").chip, "1_year");
  });
}

test("a chip that is suggested can be taken", () => {
  for (let days = 1; days < 3000; days += 1) {
    const day = new Date(Date.UTC(2026, 6, 31) - days * 24 * 3600 * 1000).toISOString().slice(0, 10);
    assert.ok(CHIPS.includes(chipSince(day, "2026-07-31").chip), day);
  }
});
