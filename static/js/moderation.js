/**
 * The words of moderating: reasons that are ready to use, what an action was, and the command that undoes it.
 */
import { HELPER_WORDS, REPORT_REASONS } from "./choices.js";
import { duration, timeOf } from "./clock.js";
import { UNTIL_THE_END } from "./status.js";

export const MUTE_MINUTES = [
  [1, "1 minute"],
  [5, "5 minutes"],
  [15, "15 minutes"],
  [null, "Until the end"],
];

export const MUTE_REASONS = [
  "Please leave room for others.",
  "Please keep to how we treat each other.",
  "No advice, please: we speak for ourselves.",
];

export const REMOVE_REASONS = [
  "Unkind or threatening words",
  "Not safe for others here",
  "Disturbing the meeting",
  "Spam or advertising",
];

export function reportReason(code) {
  return REPORT_REASONS.find(([name]) => name === code)[1];
}

const OUTCOMES = { acted: "acted on a report", nothing_needed: "looked at a report: nothing needed" };
const ROLES = { moderator: "a moderator", participant: "a participant" };

function because(sentence, reason) {
  return reason ? `${sentence}: ${reason}` : sentence;
}

function howLong({ until, at }) {
  return until === UNTIL_THE_END ? "until the end" : `for ${duration(until - at)}`;
}

const SENTENCES = {
  redacted: ({ nickname, reason }) => because(`erased a message by ${nickname}`, reason),
  report_resolved: ({ outcome }) => OUTCOMES[outcome],
  muted: (action) => because(`muted ${action.nickname} ${howLong(action)}`, action.reason),
  unmuted: ({ nickname }) => `unmuted ${nickname}`,
  removed: ({ nickname, reason }) => because(`removed ${nickname}`, reason),
  readmitted: ({ nickname }) => `let ${nickname} come back`,
  address_cleared: ({ nickname }) => `let others at the network address of ${nickname} come in`,
  locked: () => "closed the door",
  unlocked: () => "opened the door",
  role_changed: ({ nickname, role }) => `made ${nickname} ${ROLES[role]}`,
  helper_named: ({ nickname, helper }) =>
    helper ? `asked ${nickname} to be ${HELPER_WORDS[helper]}` : `asked ${nickname} to help no more`,
  extended: ({ ends_at, at }) => `extended the meeting to ${timeOf(ends_at, at)}`,
};

/** What was done, to follow the name of who did it. */
export function sentenceOf(action) {
  return SENTENCES[action.event](action);
}

function isLast(room, { event, offset, participant }, events) {
  const later = room.desk.actions.filter((other) => other.offset > offset && other.participant === participant);
  return !later.some((other) => other.event === event || events.includes(other.event));
}

const UNDO = {
  muted: (action, room, now) => {
    const mute = room.desk.muted[action.participant];
    return mute && mute.until > now && isLast(room, action, ["unmuted"])
      ? [{ label: "Unmute", command: { do: "unmute", participant: action.participant } }]
      : [];
  },
  removed: (action, room) => {
    const { participant } = action;
    const removal = room.desk.removed[participant];
    if (!removal || !isLast(room, action, ["readmitted"])) return [];
    const neighbours = { label: "Let others at this address in", command: { do: "clear_address", participant } };
    return [{ label: "Let back in", command: { do: "readmit", participant } }, ...(removal.address ? [neighbours] : [])];
  },
  locked: (action, room) => {
    const stands = room.locked && isLast(room, action, ["unlocked"]);
    return stands ? [{ label: "Open the door", command: { do: "unlock" } }] : [];
  },
  role_changed: (action, room) => {
    const person = room.people[action.participant];
    if (room.me.role !== "host" || !person || person.role !== action.role || !isLast(room, action, [])) return [];
    const role = action.role === "moderator" ? "participant" : "moderator";
    return [{ label: "Undo", command: { do: "change_role", participant: action.participant, role } }];
  },
};

/** The ways an action can still be undone: `[{label, command}]`. `now` in milliseconds. */
export function undosOf(action, room, now) {
  const find = UNDO[action.event];
  return find ? find(action, room, now) : [];
}
