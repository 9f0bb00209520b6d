/**
 * The words of moderating: reasons that are ready to use, what an action was, and the command that undoes it.
 */
import { HELPER_WORDS } from "./choices.js";
import { duration, timeOf } from "./clock.js";
import { isolate } from "./direction.js";
import { REPORT_REASONS } from "./reasons.js";
import { UNTIL_THE_END } from "./pause.js";

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

export const REJECT_REASONS = [
  "Please speak for yourself, without advice.",
  "Please keep to how we treat each other.",
  "Please leave out what could lead to you or to others.",
  "This is not the place for it. Please talk to a moderator.",
];

/** The reason of a removal that fits a report. */
export const REMOVE_FOR = {
  unkind: REMOVE_REASONS[0],
  unsafe: REMOVE_REASONS[1],
  private_details: REMOVE_REASONS[1],
  spam: REMOVE_REASONS[3],
};

/** Private words before anything else is done: what they are about, and the words, which the moderator may change. */
export const PRIVATE_WORDS = [
  ["How are you?", "I saw your words and wanted to ask how you are. You can answer here."],
  ["Leave room for others", "Could you leave room for others for a while? Thank you."],
  ["No advice, please", "Here we speak for ourselves and give no advice. Thank you for helping with that."],
  ["Kinder words", "Some of your words were hard for others to read. Is something going on?"],
].map(([about, words]) => [about, `Hello, I am one of the moderators. ${words}`]);

/** What is good to say to someone who may be in danger, and what is not. */
export const CARE = {
  say: [
    "Say that you are glad they wrote, and that you are here.",
    "Ask plainly: are you safe right now?",
    "Ask if someone can be with them, and show them Help: the lines there answer now.",
  ],
  overdose: "An overdose is an emergency: ask them to call the emergency number now, and not to stay alone.",
  leave: [
    "Do not promise to keep it a secret.",
    "Do not argue, diagnose or advise on doses.",
    "Do not carry it alone: tell the other moderators.",
  ],
};

export function reportReason(code) {
  return REPORT_REASONS.find(([name]) => name === code)[1];
}

const OUTCOMES = { acted: "acted on a report", nothing_needed: "looked at a report: nothing needed" };
const DOORS = { open: "opened the door", knock: "asked new people to knock", locked: "closed the door" };
const HELD = { accepted: "let through words", rejected: "sent back words" };
const ROLES = { moderator: "a moderator", participant: "a participant" };

function because(sentence, reason) {
  return reason ? `${sentence}: ${isolate(reason)}` : sentence;
}

/** The pace in words: "nothing special", or what applies. */
export function paceWords({ slow_seconds: slow, listen_minutes: listen, hold_new: hold }) {
  const parts = [
    slow ? `one message every ${slow} seconds` : "",
    listen ? `new people listen for ${listen} minute${listen === 1 ? "" : "s"}` : "",
    hold ? "words of new people wait for a moderator" : "",
  ].filter(Boolean);
  return parts.join(", ") || "as usual";
}

function howLong({ until, at }) {
  return until === UNTIL_THE_END ? "until the end" : `for ${duration(until - at)}`;
}

const SENTENCES = {
  redacted: ({ nickname, reason }) => because(`erased a message by ${nickname}`, reason),
  report_resolved: ({ outcome }) => OUTCOMES[outcome],
  muted: (action) => because(`muted ${action.nickname} ${howLong(action)}`, action.reason),
  unmuted: ({ nickname }) => `unmuted ${nickname}`,
  removed: ({ nickname, reason, erased }) => because(`removed ${nickname}${erased ? ", and deleted what they wrote" : ""}`, reason),
  readmitted: ({ nickname }) => `let ${nickname} come back`,
  address_cleared: ({ nickname }) => `let others on the network of ${nickname} come in without knocking`,
  door_set: ({ door }) => DOORS[door],
  sent_back: ({ nickname, reason }) => because(`sent ${nickname} back to the door`, reason),
  moderator_link_replaced: ({ works }) => (works ? "made a new moderator link" : "took the moderator link back"),
  knock_ended: ({ nickname }) => `did not let ${nickname} in`,
  posting_stopped: () => "stopped all writing",
  posting_resumed: () => "let everyone write again",
  veiled: () => "veiled the last minute",
  unveiled: ({ erased }) => `took the veil away${erased ? ", and deleted what removed people had written" : ""}`,
  pace_set: (action) => `set the pace: ${paceWords(action)}`,
  held_resolved: ({ nickname, state, reason }) => because(`${HELD[state]} by ${nickname}`, reason),
  concern_resolved: ({ nickname }) => `looked after ${nickname}`,
  content_noted: ({ topic }) => `${topic ? "put a word of warning before" : "took the word of warning from"} a message`,
  words_set: () => "changed the list of words",
  direct_set: ({ on }) => (on ? "allowed direct messages" : "ended all direct messages"),
  role_changed: ({ nickname, role }) => `made ${nickname} ${ROLES[role]}`,
  helper_named: ({ nickname, helper }) =>
    helper ? `asked ${nickname} to be ${HELPER_WORDS[helper]}` : `asked ${nickname} to help no more`,
  extended: ({ ends_at, at }) => `extended the meeting to ${timeOf(ends_at, at)}`,
};

/** What was done, to follow the name of who did it. */
export function sentenceOf(action) {
  return SENTENCES[action.event](action);
}

/** The latest action of this kind before this one; undefined when there is none. */
function before({ desk }, { event, id }) {
  const place = desk.actions.findIndex((other) => other.id === id);
  return desk.actions.slice(0, place).filter((other) => other.event === event).pop();
}

function after({ desk }, { id }) {
  return desk.actions.slice(desk.actions.findIndex((other) => other.id === id) + 1);
}

function isNewest(room, action) {
  return !after(room, action).some(({ event }) => event === action.event);
}

function isLast(room, action, events) {
  const later = after(room, action).filter(({ participant }) => participant === action.participant);
  return !later.some(({ event }) => event === action.event || events.includes(event));
}

const USUAL = { slow_seconds: 0, listen_minutes: 0, hold_new: false };
const DOOR_BACK = { open: "Open the door", knock: "Let people knock", locked: "Close the door" };

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
    const neighbours = { label: "Let others on this network in without knocking", command: { do: "clear_address", participant } };
    return [{ label: "Let back in", command: { do: "readmit", participant } }, ...(removal.address ? [neighbours] : [])];
  },
  door_set: (action, room) => {
    const { door } = before(room, action) || { door: "open" };
    const stands = isNewest(room, action) && room.door === action.door && door !== action.door;
    return stands ? [{ label: DOOR_BACK[door], command: { do: "set_door", door } }] : [];
  },
  posting_stopped: (action, { posting_stopped: stopped }) =>
    stopped ? [{ label: "Let everyone write", command: { do: "resume_posting" } }] : [],
  veiled: (action, { veil }) => (veil ? [{ label: "Take the veil away", command: { do: "unveil" } }] : []),
  pace_set: (action, room) => {
    if (!isNewest(room, action)) return [];
    const { slow_seconds, listen_minutes, hold_new } = before(room, action) || USUAL;
    return [{ label: "Undo", command: { do: "set_pace", slow_seconds, listen_minutes, hold_new } }];
  },
  content_noted: (action, room) => {
    const undone = before(room, action);
    const same = undone && undone.message === action.message;
    const command = { do: "note_content", message: action.message, topic: same ? undone.topic : "" };
    return isNewest(room, action) ? [{ label: "Undo", command }] : [];
  },
  direct_set: (action, { direct, me }) => {
    const stands = direct === action.on && me.role === "host";
    return stands ? [{ label: "Undo", command: { do: "set_direct", on: !action.on } }] : [];
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
