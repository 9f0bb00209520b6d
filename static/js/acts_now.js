/**
 * What may be done at this moment, as buttons below the sentence.
 *
 * `actsOf(room, now)`: `[{key, label, main, command}]`; without a `command` the key names a sheet or an action of the bar.
 */
import { crosstalkOf, hasSaid, holds, leads, mayWrite, modeOf, placeOf, tendsFloor } from "./floor.js";

const CHAIR_AFTER_MS = 60000;

function inShare(room) {
  return hasSaid(room) ? [{ key: "done", label: "Done", main: false }] : [{ key: "pass_floor", label: "Pass", main: false }];
}

function invited({ floor }) {
  return [
    { key: "accept", label: floor.holder ? "Yes, I go next" : "Share now", main: true, command: { do: "accept_floor" } },
    { key: "decline", label: "Not now", main: false, command: { do: "pass_floor" } },
  ];
}

function waiting(room) {
  const behind = room.floor.queue.length - 1 - placeOf(room);
  const later = [
    { key: "one", label: "Let one go first", main: false, command: { do: "later", after_next: false } },
    { key: "two", label: "Let two go first", main: false, command: { do: "later", after_next: true } },
  ];
  return [...later.slice(0, behind), { key: "lower", label: "Lower my hand", main: false, command: { do: "lower_hand" } }];
}

/** To go on with a share that ended with words in the field. */
function finish({ floor }) {
  const raise = { do: "raise_hand", reason: "", words: "" };
  return floor.holder ? [{ key: "raise", label: "Finish my share", main: true, command: raise }] : [];
}

function free(room) {
  if (room.me.unfinished) return finish(room);
  if (room.floor.queue_closed) return [];
  const raise = { do: "raise_hand", reason: "", words: "" };
  const reason = leads(room) ? [] : [{ key: "reason", label: "With a reason", main: false }];
  return [{ key: "raise", label: "Raise my hand", main: !leads(room), command: raise }, ...reason];
}

function ofMine(room) {
  if (holds(room)) return inShare(room);
  if (room.me.invited) return invited(room);
  if (placeOf(room) >= 0) return waiting(room);
  return modeOf(room) === "floor" ? free(room) : [];
}

function kindWords(room) {
  const { course } = room;
  const thanks = !mayWrite(room) && crosstalkOf(room) !== "none";
  const chips = course.chips_open || course.phase.kind === "milestones";
  return [
    ...(thanks ? [{ key: "thanks", label: "Say thanks", main: false }] : []),
    ...(chips ? [{ key: "chip", label: "Take a chip", main: false }] : []),
  ];
}

/** What comes after this phase, in words; "" after the last. Who leads without the desk does not know its title. */
export function nextTitle({ course, desk }) {
  const next = course.index + 1;
  if (next >= course.phases) return "";
  return desk && desk.script[next] ? desk.script[next].title : "the next part";
}

function leading(room) {
  const title = leads(room) && !room.course.fellowship && nextTitle(room);
  return title ? [{ key: "next", label: `Next: ${title}`, main: !holds(room) }] : [];
}

/** Whoever is next is called with one tap when nobody has the floor. */
function calling(room) {
  const [first] = room.floor.queue;
  const mayCall = first && tendsFloor(room) && modeOf(room) === "floor" && !room.floor.holder;
  const invite = first && { do: "invite", participant: first.participant };
  return mayCall ? [{ key: "call", label: `Give ${first.nickname} the floor`, main: false, command: invite }] : [];
}

function reading(room) {
  const isReader = room.me.helper === "reader";
  const mayRead = room.course.text_waits && (isReader || leads(room)) && mayWrite(room);
  return mayRead ? [{ key: "read", label: "Read the text", main: isReader, command: { do: "read_text" } }] : [];
}

/** Of the moderators who are here the first who came. */
function chair({ me, people, chair: taken, host_gone_at: since }, now) {
  const [first] = Object.entries(people).find(([, { role, here }]) => role === "moderator" && here) || [];
  const isMine = first === me.participant && !taken && since && now - since > CHAIR_AFTER_MS;
  return isMine ? [{ key: "chair", label: "Take the chair", main: true, command: { do: "take_chair" } }] : [];
}

export function actsOf(room, now) {
  return [...leading(room), ...chair(room, now), ...calling(room), ...ofMine(room), ...reading(room), ...kindWords(room)];
}
