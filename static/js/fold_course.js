/** The part of the fold about the course of the meeting: phases, switches, who helps. room.js merges it. */
const OPEN_PHASE = { title: "", mode: "open", crosstalk: "open", minutes: 0, kind: "plain" };

function changeCourse(room, change) {
  return { ...room, course: { ...room.course, ...change } };
}

function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change } } : room;
}

function phase(room, { index, started_at, title, mode, crosstalk, minutes, kind, has_text }) {
  return changeCourse(room, { index, started_at, phase: { title, mode, crosstalk, minutes, kind }, text_waits: has_text });
}

function script(room, frame) {
  const text_waits = room.course.text_waits && frame.has_text;
  const changed = changeCourse(phase(room, frame), { phases: frame.phases, text_waits });
  return frame.script ? changeDesk(changed, { script: frame.script }) : changed;
}

/** Nobody's time becomes shorter. */
function later(room, endsAt) {
  return { ...room, ends_at: Math.max(room.ends_at, endsAt) };
}

function fellowship(room, { at, ends_at }) {
  const changed = changeCourse(later(room, ends_at), { fellowship: true, started_at: at, phase: OPEN_PHASE, text_waits: false });
  return changeDesk({ ...changed, floor: { ...room.floor, queue: [], queue_closed: true } }, { hands: {} });
}

/** A co-host moderates; where two histories were joined, no longer. */
function helper(room, { participant, helper: name }) {
  const person = room.people[participant];
  const { role } = (participant === room.me.participant ? room.me : person) || {};
  if (name === "cohost" && role === "participant") return room;
  const people = person ? { ...room.people, [participant]: { ...person, helper: name } } : room.people;
  return { ...room, people, me: participant === room.me.participant ? { ...room.me, helper: name } : room.me };
}

/** A host is here: the chair goes back. */
export function came(room, { role }) {
  return role === "host" ? { ...room, chair: "", host_gone_at: 0 } : room;
}

/** Someone of this role is not here since then. */
export function hostGone(room, role, since) {
  const isLed = Object.values(room.people).some((person) => person.role === "host" && person.here);
  return role === "host" && !room.host_gone_at && !isLed ? { ...room, host_gone_at: since } : room;
}

/** The text of a phase was posted. */
export function read(room, { kind }) {
  return kind === "reading" ? changeCourse(room, { text_waits: false }) : room;
}

/** Someone gave up the seat, and the chair and what they helped with too. */
export function went(room, { participant }) {
  const me = participant === room.me.participant ? { ...room.me, helper: "" } : room.me;
  return { ...room, me, chair: room.chair === participant ? "" : room.chair };
}

/** Whose role is that of a participant now leads no more. */
export function isParticipantNow(room, participant) {
  const known = room.people[participant];
  const changed = known && known.helper === "cohost" ? helper(room, { participant, helper: "" }) : room;
  return { ...changed, chair: room.chair === participant ? "" : room.chair };
}

/** Where two histories were joined, a host may be here, or whoever took it moderate no more. */
function takeChair(room, { participant }) {
  const person = room.people[participant];
  const isHostHere = Object.values(room.people).some(({ role, here }) => role === "host" && here);
  return isHostHere || !person || person.role === "participant" ? room : { ...room, chair: participant };
}

export const COURSE_CHANGES = {
  extended: (room, { ends_at }) => changeCourse(later(room, ends_at), { graced: false }),
  grace_given: (room, { ends_at }) => changeCourse(later(room, ends_at), { graced: true }),
  phase_started: phase,
  script_changed: script,
  course_changed: (room, { on_clock, chips_open, fellowship_minutes }) =>
    changeCourse(room, { on_clock, chips_open, fellowship_minutes }),
  topic_set: (room, { topic }) => changeCourse(room, { topic }),
  fellowship_began: fellowship,
  helper_named: helper,
  chair_taken: takeChair,
};
