/**
 * The time of a meeting: how much has passed, and the calm warnings before the end.
 *
 * `createTiming()`: `look(room, now) -> sentence`, "" when there is nothing new to say. It warns when 5 minutes and 1 minute are reached, and says when
 * the meeting was extended. `now` is the server's time in milliseconds.
 */
import { duration, timeOf } from "./clock.js";

const WARNINGS_MS = [300000, 60000];

/** The part of the meeting that has passed, 0 to 1. */
export function passed({ starts_at, ends_at }, now) {
  return Math.min(1, Math.max(0, (now - starts_at) / (ends_at - starts_at)));
}

function warning(left) {
  const last = left <= WARNINGS_MS[1] ? " It is a good moment to say goodbye." : "";
  return `${left <= WARNINGS_MS[1] ? "One minute" : duration(left).replace(/^./, (letter) => letter.toUpperCase())} left.${last}`;
}

export function createTiming() {
  let endsAt = 0;
  let leftBefore = Infinity;

  return {
    look(room, now) {
      const left = room.ends_at - now;
      const before = leftBefore;
      const extended = endsAt && room.ends_at > endsAt;
      leftBefore = left;
      const first = !endsAt;
      endsAt = room.ends_at;
      if (extended) return `There is more time: the meeting now ends at ${timeOf(room.ends_at, now)}.`;
      const crossed = !first && left > 0 && WARNINGS_MS.some((at) => before > at && left <= at);
      return crossed ? warning(left) : "";
    },
  };
}
