/**
 * The time of a meeting: how much has passed, and the calm warnings before the end.
 *
 * `createTiming()`: `look(room, now) -> sentence`, "" when there is nothing new to say. It warns when 5 minutes and 1 minute
 * are reached, and says when the meeting was extended. `now` is the server's time in milliseconds.
 */
import { duration, timeOf } from "./clock.js";

const WARNINGS_MS = [300000, 60000];

/** The part of the meeting that has passed, 0 to 1. */
export function passed({ starts_at, ends_at }, now) {
  return Math.min(1, Math.max(0, (now - starts_at) / (ends_at - starts_at)));
}

function warning(left) {
  if (left <= WARNINGS_MS[1]) return "One minute left. It is a good moment to say goodbye.";
  return `${duration(left)} left.`;
}

export function createTiming() {
  let endsAt = 0;
  let leftBefore = 0;

  return {
    look(room, now) {
      const left = room.ends_at - now;
      const crossed = left > 0 && WARNINGS_MS.some((at) => leftBefore > at && left <= at);
      const extended = endsAt && room.ends_at > endsAt;
      leftBefore = left;
      endsAt = room.ends_at;
      if (extended) return `There is more time: the meeting now ends at ${timeOf(endsAt, now)}.`;
      return crossed ? warning(left) : "";
    },
  };
}
