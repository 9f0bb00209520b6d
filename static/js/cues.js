/**
 * What is said aloud, once and briefly, as the meeting goes on: turn, time, one's place, the phase.
 *
 * `createCues()`: `look(room, now) -> [sentence]`, what is new since the last look. The first look only remembers. When
 * `waits()` says so, look again PASSING_MS later.
 */
import { cueOf, holds, leads, modeOf, ordinal, placeOf } from "./floor.js";

/** Between one share and the next the floor is free for a moment, of which nothing is said. */
export const PASSING_MS = 1000;

function turnOf({ floor, me }) {
  if (floor.holder === me.participant) return "It is your turn. Write when you are ready.";
  return floor.holder ? `${floor.nickname} has the floor.` : "Nobody has the floor now.";
}

function timeOf(room, now) {
  const { floor } = room;
  const cue = cueOf(room, now);
  if (floor.paused_at && !holds(room)) return `${floor.nickname}'s connection is lost. The time waits.`;
  if (cue === "late" && !holds(room)) return `Time is up; ${floor.nickname} is finishing.`;
  return { minute: "About one minute left.", finish: "Please finish your thought." }[cue] || "";
}

function placeSentence(room) {
  const place = placeOf(room);
  if (place < 0 || modeOf(room) !== "floor") return "";
  return place ? `You are ${ordinal(place)}.` : "It is your turn next.";
}

function phaseOf({ course }) {
  if (course.fellowship) return "The meeting is over. Everyone can write.";
  return course.index < 0 ? "" : `Now: ${course.phase.title}.`;
}

/** For who leads. */
function handsOf(room) {
  const hands = leads(room) && modeOf(room) === "floor" ? room.floor.queue.length : 0;
  return hands ? `${hands} hand${hands === 1 ? " is" : "s are"} up.` : "";
}

function stateOf(room, now) {
  const { course, floor, me } = room;
  const reads = me.helper === "reader" && course.text_waits && course.started_at;
  return {
    phase: { key: `${course.index} ${course.started_at} ${course.fellowship}`, sentence: phaseOf(room) },
    topic: { key: course.topic, sentence: course.topic && `Topic: ${course.topic}` },
    turn: { key: floor.share, sentence: turnOf(room) },
    time: { key: timeOf(room, now), sentence: timeOf(room, now) },
    place: { key: placeSentence(room), sentence: placeSentence(room) },
    hands: { key: handsOf(room), sentence: handsOf(room) },
    invited: { key: me.invited, sentence: me.invited ? "You are invited to share. You may also decline." : "" },
    queue: { key: floor.queue_closed, sentence: floor.queue_closed ? "The list is closed." : "" },
    text: { key: reads, sentence: reads ? "The text of this part is yours to read." : "" },
    chair: { key: leads(room), sentence: leads(room) ? "You lead the meeting now." : "The host leads the meeting again." },
  };
}

export function createCues() {
  let before = null;
  let freeAt = null;
  let isPassing = false;

  return {
    look(room, now) {
      const next = stateOf(room, now);
      freeAt = room.floor.holder ? null : freeAt ?? now;
      isPassing = before !== null && freeAt !== null && now - freeAt < PASSING_MS;
      if (isPassing) next.turn = before.turn;
      const changed = Object.keys(next).filter((name) => before && before[name].key !== next[name].key);
      before = next;
      return changed.map((name) => next[name].sentence).filter(Boolean);
    },
    waits: () => isPassing,
  };
}
