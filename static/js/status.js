/**
 * The one sentence at the bottom: what is happening and what one can do now.
 *
 * `statusOf(room, now, connected) -> {sentence, canSend}`: the first sentence says what is happening. `now` is the server's
 * time in milliseconds.
 */
import { duration, timeOf } from "./clock.js";
import { UNTIL_THE_END } from "./moderation.js";

function muteSentence({ muted_until, mute_reason }, now) {
  const long = muted_until === UNTIL_THE_END ? "until the end of the meeting" : `for ${duration(muted_until - now)}`;
  const reason = mute_reason ? ` Reason: ${mute_reason}` : "";
  return `You're muted ${long}. You can still listen and react.${reason}`;
}

export function statusOf(room, now, connected) {
  if (!connected) return { sentence: "Reconnecting. You can go on writing; your words are kept.", canSend: true };
  if (room.me.muted_until > now) return { sentence: muteSentence(room.me, now), canSend: false };
  if (now < room.starts_at) {
    return { sentence: `The meeting starts at ${timeOf(room.starts_at, now)}. You can say hello already.`, canSend: true };
  }
  if (room.me.role === "host") return { sentence: "You are hosting. Everyone can write.", canSend: true };
  return { sentence: "The meeting is open. Write, or listen.", canSend: true };
}
