/**
 * What the room says of itself: the one sentence at the bottom, the part of the time that has passed, and the calm warnings
 * before the end. `now` is the server's time in milliseconds.
 */
import { duration, timeOf } from "./clock.js";
import { UNTIL_THE_END } from "./moderation.js";

const WARNINGS_MS = [300000, 60000];

function muteSentence({ muted_until, mute_reason }, now) {
  const long = muted_until === UNTIL_THE_END ? "until the end of the meeting" : `for ${duration(muted_until - now)}`;
  const reason = mute_reason ? ` Reason: ${mute_reason}` : "";
  return `You're muted ${long}. You can still listen and react.${reason}`;
}

/** `{sentence, canSend}`: the first sentence says what is happening, the rest what one can do now. */
export function statusOf(room, now, connected) {
  if (!connected) return { sentence: "Reconnecting. You can go on writing; your words are kept.", canSend: true };
  if (room.me.muted_until > now) return { sentence: muteSentence(room.me, now), canSend: false };
  if (now < room.starts_at) {
    return { sentence: `The meeting starts at ${timeOf(room.starts_at, now)}. You can say hello already.`, canSend: true };
  }
  if (room.me.role === "host") return { sentence: "You are hosting. Everyone can write.", canSend: true };
  return { sentence: "The meeting is open. Write, or listen.", canSend: true };
}

/** The part of the meeting that has passed, 0 to 1. */
export function passed({ starts_at, ends_at }, now) {
  return Math.min(1, Math.max(0, (now - starts_at) / (ends_at - starts_at)));
}

function warning(left) {
  if (left <= WARNINGS_MS[1]) return "One minute left. It is a good moment to say goodbye.";
  return `${duration(left)} left.`;
}

/**
 * `look(room, now) -> sentence`, "" when there is nothing new to say. It warns when 5 minutes and 1 minute are reached, and
 * says when the meeting was extended.
 */
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
