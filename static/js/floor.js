/**
 * What the course and the floor mean for this person: readings of a room, all pure. Times are the server's, in milliseconds.
 *
 * `fieldOf(room)` says what the field below is for: "write", "draft" (words wait on this device for one's turn) or "none".
 * `waitOf(room, now)` is a rough wait in whole minutes, 0 when nobody can tell. `cueOf(room, now)` is "minute" and "finish",
 * which only the sharer sees, then "late", which all see.
 */
const MINUTE_MS = 60000;
const LATE_MS = 30000;
const TYPING_MS = 12000;
const TOTAL_MS = 240 * MINUTE_MS;
const CLOSING_MS = 30000;
const ORDINALS = ["next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

export function hasScript({ course }) {
  return Boolean(course && course.phases);
}

/** "host", "floor" or "open". */
export function modeOf(room) {
  return hasScript(room) && !room.course.fellowship ? room.course.phase.mode : "open";
}

export function crosstalkOf(room) {
  return modeOf(room) === "open" ? "open" : room.course.phase.crosstalk;
}

/** Whether this person leads the meeting at this moment: a host, the co-host, or who took the chair. */
export function leads({ me, chair }) {
  return me.role === "host" || me.helper === "cohost" || Boolean(chair && chair === me.participant);
}

/** Whether this person looks after the list: invites, moves, closes it and opens it. */
export function tendsFloor(room) {
  return leads(room) || room.me.role === "moderator";
}

/** Whether this person may end a share of someone else. */
export function keepsTime(room) {
  return tendsFloor(room) || room.me.helper === "timekeeper";
}

/** Whether this person sets how long a share lasts. */
export function setsTime(room) {
  return leads(room) || room.me.helper === "timekeeper";
}

export function holds(room) {
  return modeOf(room) === "floor" && room.floor.holder === room.me.participant;
}

function fillsIn(room) {
  return leads(room) || room.me.helper === "reader" || room.me.helper === "greeter";
}

const MAY_WRITE = {
  open: () => true,
  host: fillsIn,
  floor: (room) =>
    holds(room) || crosstalkOf(room) === "open" || (!room.floor.holder && (room.me.unfinished || fillsIn(room))),
};

export function mayWrite(room) {
  return MAY_WRITE[modeOf(room)](room);
}

export function fieldOf(room) {
  if (mayWrite(room)) return "write";
  return modeOf(room) === "floor" && (placeOf(room) >= 0 || !leads(room)) ? "draft" : "none";
}

/** Whether this person may post texts of the length of a reading. */
export function reads(room) {
  return leads(room) || room.me.helper === "reader";
}

/** One's own place among those who wait, from 0; -1 when one does not. */
export function placeOf({ floor, me }) {
  return floor ? floor.queue.findIndex(({ participant }) => participant === me.participant) : -1;
}

export function ordinal(place) {
  return ORDINALS[place] || `number ${place + 1}`;
}

/** What is left of the share, negative when it is over; Infinity without a clock. */
export function leftMs({ share_ms, since_at, paused_at, paused_ms }, now) {
  return share_ms ? share_ms - Math.max(0, (paused_at || now) - since_at - paused_ms) : Infinity;
}

/** What the sharer can count on: the share, or what is left of the meeting if that is less; Infinity without a clock. */
export function leftForSharer(room, now) {
  const left = leftMs(room.floor, now);
  return left === Infinity ? left : Math.min(left, closesAt(room) - now);
}

export function waitOf({ floor, me }, now) {
  const place = placeOf({ floor, me });
  if (place < 0 || !floor.share_minutes) return 0;
  const running = floor.holder ? Math.max(0, Math.min(leftMs(floor, now), floor.share_minutes * MINUTE_MS)) : 0;
  return Math.ceil(running / MINUTE_MS) + place * floor.share_minutes;
}

export function cueOf({ floor, me }, now) {
  const left = floor && floor.holder ? leftMs(floor, now) : Infinity;
  if (left <= -LATE_MS) return "late";
  if (floor && floor.holder !== me.participant) return "";
  if (left <= 0) return "finish";
  return left <= MINUTE_MS && floor.share_ms > MINUTE_MS ? "minute" : "";
}

export function isTyping({ typing_at }, now) {
  return now - typing_at < TYPING_MS;
}

/** Whether this person has said something in the share that is running. */
export function hasSaid({ floor, me, messages }) {
  return messages.some(({ share, by, gone }) => share === floor.share && by === me.participant && !gone);
}

/** A time left as the sharer sees it: "2:10". */
export function minutesAndSeconds(ms) {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * Text in parts that can be sent one after the other: `[first, rest]`, by empty lines or, without those, by lines; one of more than
 * `most` code points ends between two words.
 */
export function firstPart(text, most = Infinity) {
  const words = text.trim();
  const [whole] = words.split(/\n\s*\n/.test(words) ? /\n\s*\n/ : /\n/);
  const fits = Array.from(whole).slice(0, most).join("");
  const part = fits === whole ? whole : fits.replace(/(\S)\s+\S*$/, "$1");
  return [part.trim(), words.slice(part.length).trim()];
}

const CONVENTIONS = new Map([["!", "raise_hand"], ["*", "raise_hand"], ["done", "done"], ["pass", "pass_floor"]]);

/** When the room closes: at its end, or after the time together that is still to come. */
export function closesAt({ course, starts_at, ends_at }) {
  if (course.fellowship) return ends_at;
  const most = starts_at + TOTAL_MS;
  return Math.max(ends_at, Math.min(ends_at + course.fellowship_minutes * MINUTE_MS, most));
}

/** Whether these are the last moments, in which the server is told that someone writes. */
export function isClosing(room, now) {
  return room.course.graced || now >= closesAt(room) - CLOSING_MS;
}

/** The command that text alone stands for, as people type it in meetings without such a page; "" when it is only text. */
export function conventionOf(text, room) {
  const command = modeOf(room) === "floor" && CONVENTIONS.get(text.trim().toLowerCase());
  return command && (command === "raise_hand") !== holds(room) ? command : "";
}
