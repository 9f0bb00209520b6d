/**
 * Which chip a day stands for. The day is only ever counted here, on the device.
 *
 * `chipSince(day, today)`: `{chip, words, sentence}` for two days as "2026-03-01", or null when `day` is none, or to come; no
 * chip on the first day, which is one's own to name.
 * Months and years are those of the calendar.
 */
const DAY_MS = 24 * 3600 * 1000;
const BY_DAYS = [
  [90, "90_days"],
  [60, "60_days"],
  [30, "30_days"],
  [7, "1_week"],
  [1, "24_hours"],
  [0, ""],
];

function monthsBetween(from, to) {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return to.getUTCDate() < from.getUTCDate() ? months - 1 : months;
}

function chipFor(days, months) {
  if (months >= 24) return { chip: "years", words: String(Math.floor(months / 12)) };
  if (months >= 18) return { chip: "18_months", words: "" };
  if (months >= 12) return { chip: "1_year", words: "" };
  if (months >= 4) return { chip: `${months}_months`, words: "" };
  return { chip: BY_DAYS.find(([least]) => days >= least)[1], words: "" };
}

export function chipSince(day, today) {
  const from = new Date(day);
  const to = new Date(today);
  const days = Math.round((to - from) / DAY_MS);
  if (!(days >= 0)) return null;
  const sentence = days ? `${days} day${days === 1 ? "" : "s"}.` : "Today is the first day.";
  return { ...chipFor(days, monthsBetween(from, to)), sentence };
}

/** The day it is here, as an input of type date writes it. */
export function localDay(now) {
  const date = new Date(now);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
