/**
 * What the room says of itself: the one sentence at the bottom, the part of the time that has passed, and the calm warnings
 * before the end. `now` is the server's time in milliseconds.
 */
import { duration, timeOf } from "./clock.js";
import { isolate } from "./direction.js";
import { crosstalkOf, cueOf, fieldOf, hasSaid, holds, leads, mayWrite, modeOf, ordinal, placeOf, waitOf } from "./floor.js";
import { pauseOf } from "./pause.js";

const WARNINGS_MS = [300000, 60000];

const SHARING = {
  "": "You have the floor. Write when you are ready, in one message or many.",
  said: "You have the floor. Take your time, and press Done at the end.",
  minute: "You have the floor. There is about a minute left.",
  finish: "Please finish your thought. There is no hurry.",
  late: "Time is up. Nobody will cut you off; press Done at the end.",
};

const GRACE = "The time is up. There are up to two minutes more for anyone who is still writing.";

/** How others share, to begin with. */
function sharing({ floor, me }, now) {
  if (!floor.holder) return floor.queue.length ? "Nobody has the floor." : "Nobody is sharing.";
  if (floor.holder === me.participant) return "";
  if (floor.paused_at) return `${floor.nickname}'s connection is lost. The time waits.`;
  return cueOf({ floor, me }, now) ? `Time is up; ${floor.nickname} is finishing.` : `${floor.nickname} is sharing.`;
}

/** Whoever was passed over with words in the field learns why, and what to do. */
function unfinished({ floor }) {
  const then = floor.holder ? "Finish my share puts you next." : "You can send them now.";
  return `Nothing came for a while, so the floor moved on. Your words are kept. ${then}`;
}

/** What one's own place means, or what else one can do. */
function mine(room, now) {
  const place = placeOf(room);
  const { floor } = room;
  if (room.me.unfinished && place < 0) return unfinished(room);
  if (place === 0) return `It is your turn next.${floor.call_each ? " The host calls you." : ""}`;
  if (place > 0) {
    const wait = waitOf(room, now);
    return `You are ${ordinal(place)}.${wait ? ` Roughly ${wait} minute${wait === 1 ? "" : "s"}.` : ""}`;
  }
  if (crosstalkOf(room) === "open") return "You can write, raise your hand or react.";
  if (mayWrite(room)) return `You can write, or ${floor.queue.length ? "give the floor to someone" : "wait for a hand"}.`;
  if (leads(room)) return "Everyone else listens and reacts.";
  if (floor.queue_closed) return "The list is closed for now. You can listen and react.";
  return floor.holder ? "You can raise your hand or react." : "You can raise your hand, or just listen.";
}

function inFloor(room, now) {
  if (holds(room)) return SHARING[cueOf(room, now) || (hasSaid(room) ? "said" : "")];
  const others = sharing(room, now);
  if (room.me.invited) return `${others} You are invited to share. If you would rather not, only the host and the moderators know.`;
  return `${others} ${mine(room, now)}`;
}

function inOpen({ course, me, starts_at }, now) {
  if (course && course.fellowship) return "The meeting is over, and this is time together. Everyone can write.";
  if (now < starts_at) return `The meeting starts at ${timeOf(starts_at, now)}. You can say hello already.`;
  if (course && course.index < 0) return "The meeting begins soon. You can say hello already.";
  const { title: named, kind } = course ? course.phase : {};
  const title = named && isolate(named);
  if (title) return `${title}. ${kind === "milestones" ? "Take a chip if you like. " : ""}Everyone can write.`;
  if (me.role === "host") return "You are hosting. Everyone can write.";
  return "The meeting is open. Write, or listen.";
}

function inHost(room) {
  const title = isolate(room.course.phase.title);
  if (leads(room)) return `${title}. You can write; everyone else listens.`;
  if (mayWrite(room)) return `${title}. You and the host can write; everyone listens.`;
  return `${title}. You can listen and react. Nothing else is needed.`;
}

const QUIET = "The room is quiet for a moment. You can write; everyone who does not moderate listens and reacts.";
const LOOKED_AT = " A moderator looks at your first words before everyone can read them.";
const SENTENCES = { open: inOpen, host: inHost, floor: inFloor };

/** Said before the first words, so that nobody learns it from them. */
function looksFirst({ me, pace }) {
  return pace && pace.hold_new && me.role === "participant" && !me.posted_at ? LOOKED_AT : "";
}

/**
 * `{sentence, canSend, field, pause, until}`: the first sentence says what is happening, the rest what one can do now. `field`
 * is what one can do with words, as in floor.js; `pause` is why not for a moment, as in pause.js, or "", and `until` when it ends.
 */
export function statusOf(room, now, connected) {
  const pause = pauseOf(room, now);
  const field = pause && pause.kind === "muted" ? "write" : fieldOf(room);
  const { kind, until } = pause || { kind: "", until: 0 };
  const canSend = !pause && field === "write";
  const say = (sentence) => ({ sentence, canSend, field, pause: kind, until });
  if (!connected) return say("Reconnecting. You can go on writing.");
  const sentence = pause ? pause.sentence : room.posting_stopped && QUIET;
  return say(sentence || SENTENCES[modeOf(room)](room, now) + (canSend ? looksFirst(room) : ""));
}

/** The part of the meeting that has passed, 0 to 1. */
export function passed({ starts_at, ends_at }, now) {
  return Math.min(1, Math.max(0, (now - starts_at) / (ends_at - starts_at)));
}

/** `{minutes, sentence}` of the warning that is due with so much time left, or null. */
export function timeWarning(left) {
  const due = left > 0 && WARNINGS_MS.filter((at) => left <= at).pop();
  if (!due) return null;
  const isLast = due === WARNINGS_MS[WARNINGS_MS.length - 1];
  const sentence = isLast ? "One minute left. It is a good moment to say goodbye." : `${duration(left)} left.`;
  return { minutes: due / 60000, sentence };
}

/**
 * `look(room, now) -> sentence`, "" when there is nothing new to say. It warns when 5 minutes and 1 minute are reached, and
 * says when the meeting was extended. Whoever leads is asked in place of the warning, see questions.js.
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
      if (extended && room.course.graced) return GRACE;
      if (extended) return `There is more time: the meeting now ends at ${timeOf(endsAt, now)}.`;
      return crossed && !leads(room) ? timeWarning(left).sentence : "";
    },
  };
}
