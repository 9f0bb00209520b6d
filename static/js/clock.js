/**
 * The server's time, and times in words. All times are milliseconds since 1970.
 *
 * `createClock(deviceNow, steadyNow)`: `now()` is the server's time as far as known, `set(serverNow)` corrects it. Before it is
 * known, it is the device's; from then on it goes by `steadyNow`, so that a device whose clock is put right shows no other time.
 * `createStopwatch(deviceNow, steadyNow)` is for silences: it never goes back, and counts what a device has slept.
 * The formatting functions take `locale` and `zone` for tests only; undefined means the person's own.
 */
const MINUTE_MS = 60000;
const SLACK_MS = 2000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function createClock(deviceNow, steadyNow) {
  let ahead = deviceNow() - steadyNow();
  return {
    now: () => Math.round(steadyNow() + ahead),
    set(serverNow) {
      ahead = serverNow - steadyNow();
    },
  };
}

export function createStopwatch(deviceNow, steadyNow) {
  let elapsed = 0;
  let before = [deviceNow(), steadyNow()];
  return () => {
    const now = [deviceNow(), steadyNow()];
    elapsed += Math.max(now[0] - before[0], now[1] - before[1]);
    before = now;
    return elapsed;
  };
}

const formats = new Map();

function format(at, options, locale, zone) {
  const key = JSON.stringify([options, locale, zone]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }));
  return formats.get(key).format(at);
}

/** The calendar day, the same text for all times of one day. */
export function dayOf(at, locale, zone) {
  return format(at, { weekday: "long", day: "numeric", month: "long" }, locale, zone);
}

/** The time of day, with the day in front of it when that is not today. */
export function timeOf(at, now, locale, zone) {
  const time = format(at, { hour: "numeric", minute: "2-digit" }, locale, zone);
  if (dayOf(at, locale, zone) === dayOf(now, locale, zone)) return time;
  const near = Math.abs(at - now) < 6 * DAY_MS;
  return `${format(at, near ? { weekday: "short" } : { day: "numeric", month: "short" }, locale, zone)} ${time}`;
}

function counted(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** Whole minutes, rounded up, forgiving clocks that differ a little; 0 below one minute. */
function minutesIn(ms) {
  return ms < MINUTE_MS - SLACK_MS ? 0 : Math.ceil((ms - SLACK_MS) / MINUTE_MS);
}

/** A duration in words: "less than a minute", "5 minutes", "1 hour 20 minutes". */
export function duration(ms) {
  const minutes = minutesIn(ms);
  if (!minutes) return "less than a minute";
  const parts = [];
  if (minutes >= 60) parts.push(counted(Math.floor(minutes / 60), "hour"));
  if (minutes % 60) parts.push(counted(minutes % 60, "minute"));
  return parts.join(" ");
}

/** What is left, short: "37 min left". */
export function timeLeft(ms) {
  const minutes = minutesIn(ms);
  return minutes ? `${minutes} min left` : "less than a minute left";
}
