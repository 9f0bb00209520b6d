/** The part of the fold about the course of the meeting: phases, switches, who helps. room.js merges it. */
const OPEN_PHASE = { title: "", mode: "open", crosstalk: "open", minutes: 0, kind: "plain" };

function changeCourse(room, change) {
  return { ...room, course: { ...room.course, ...change } };
}

function changeDesk(room, change) {
  return room.desk ? { ...room, desk: { ...room.desk, ...change } } : room;
}

function phase(room, { index, started_at, title, mode, crosstalk, minutes, kind }) {
  return changeCourse(room, { index, started_at, phase: { title, mode, crosstalk, minutes, kind } });
}

function script(room, frame) {
  const changed = changeCourse(phase(room, frame), { phases: frame.phases });
  return frame.script ? changeDesk(changed, { script: frame.script }) : changed;
}

function fellowship(room, { at, ends_at }) {
  const changed = changeCourse(room, { fellowship: true, started_at: at, phase: OPEN_PHASE });
  return changeDesk({ ...changed, ends_at, floor: { ...room.floor, queue: [], queue_closed: true } }, { hands: {} });
}

function helper(room, { participant, helper: name }) {
  const person = room.people[participant];
  const people = person ? { ...room.people, [participant]: { ...person, helper: name } } : room.people;
  return { ...room, people, me: participant === room.me.participant ? { ...room.me, helper: name } : room.me };
}

/** A host is here: the chair goes back. */
export function came(room, { role }) {
  return role === "host" ? { ...room, chair: "" } : room;
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

export const COURSE_CHANGES = {
  extended: (room, { ends_at }) => changeCourse({ ...room, ends_at }, { graced: false }),
  grace_given: (room, { ends_at }) => changeCourse({ ...room, ends_at }, { graced: true }),
  phase_started: phase,
  script_changed: script,
  course_changed: (room, { on_clock, chips_open, fellowship_minutes }) =>
    changeCourse(room, { on_clock, chips_open, fellowship_minutes }),
  topic_set: (room, { topic }) => changeCourse(room, { topic }),
  fellowship_began: fellowship,
  helper_named: helper,
  chair_taken: (room, { participant }) => ({ ...room, chair: participant }),
};
