/**
 * Why this person cannot write for a moment, whoever has the floor: a reading of the room, pure. Times are the server's, in
 * milliseconds.
 *
 * `pauseOf(room, now)`: `{kind, sentence, until}`, or null. `kind` is "muted", "calm", "no_moderator", "listening" or "slow";
 * `until` is 0 when nobody can tell. Moderators and hosts write at any time, unless they are muted.
 */
import { duration } from "./clock.js";
import { isolate } from "./direction.js";
import { fieldOf, holds } from "./floor.js";

export const UNTIL_THE_END = Number.MAX_SAFE_INTEGER;
const MINUTE_MS = 60000;
const STEP_SECONDS = 5;

function muted({ me: { muted_until: until, mute_reason } }, now) {
  if (until <= now) return null;
  const long = until === UNTIL_THE_END ? "until the end of the meeting" : `for ${duration(until - now)}`;
  const reason = mute_reason ? ` Reason: ${isolate(mute_reason)}` : "";
  return { kind: "muted", sentence: `You're muted ${long}. You can still listen and react.${reason}`, until };
}

function calm({ posting_stopped }) {
  const sentence = "The room is quiet for a moment. You can listen and react; your words are kept.";
  return posting_stopped ? { kind: "calm", sentence, until: 0 } : null;
}

function noModerator({ unattended }) {
  const sentence = "No moderator is here at this moment. You can listen and react; your words are kept.";
  return unattended ? { kind: "no_moderator", sentence, until: 0 } : null;
}

function listening({ me, pace }, now) {
  const until = pace && pace.listen_minutes ? me.came_at + pace.listen_minutes * MINUTE_MS : 0;
  if (until <= now) return null;
  const sentence = `Here, people who are new listen first. You can write in ${duration(until - now)}, and react already.`;
  return { kind: "listening", sentence, until };
}

/** In steps, so that nothing counts down in seconds. */
function secondsIn(ms) {
  const seconds = Math.ceil(ms / 1000);
  return seconds > MINUTE_MS / 1000 ? duration(ms) : `about ${Math.ceil(seconds / STEP_SECONDS) * STEP_SECONDS} seconds`;
}

function slow(room, now) {
  const { me, pace } = room;
  const until = pace && pace.slow_seconds && me.posted_at ? me.posted_at + pace.slow_seconds * 1000 : 0;
  if (until <= now || holds(room)) return null;
  const sentence = `The meeting goes a little slower now. You can send again in ${secondsIn(until - now)}; your words are kept.`;
  return { kind: "slow", sentence, until };
}

const FOR_ALL = [calm, noModerator];
const FOR_WHO_WRITES = [listening, slow];

export function pauseOf(room, now) {
  const found = muted(room, now);
  if (found || room.me.role !== "participant") return found;
  const looks = fieldOf(room) === "write" ? [...FOR_ALL, ...FOR_WHO_WRITES] : FOR_ALL;
  return looks.reduce((pause, look) => pause || look(room, now), null);
}
