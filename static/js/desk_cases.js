/**
 * What waits at the desk, urgent first, as plain cases: concerns, held messages, reports, private lines, people who knock, and
 * the guard of the door.
 *
 * `casesOf(room, lines) -> [case]`; `lines` are the rows of lines.js. A case is `{key, kind, item, participant, nickname, at,
 * title, facts, text, told, message, claimedBy}`: `item` is what `claim` names (0 when nothing does), `facts` are sentences that
 * stand at once, `text` and `told` (what the one who reported says) are veiled until the case is opened. Nothing here touches
 * the page.
 */
import { inWords } from "./choices.js";
import { reportReason } from "./moderation.js";

export const SECTIONS = [
  ["concern", "Someone may need you"],
  ["held", "Words that wait for you"],
  ["report", "Reported"],
  ["line", "Asking for support"],
  ["knock", "Knocking"],
  ["guard", "The door's guard"],
];

const DANGERS = {
  self_harm: "Their words may be about hurting themselves.",
  overdose: "Their words may be about an overdose.",
};
const POLICIES = {
  new: "They are new, and words of new people wait.",
  words: "It holds something from the list of words.",
};
const SIGNALS = {
  joins: (count) => `${count} new people came within half a minute.`,
  same_words: (count) => `${count} people wrote the same words within a minute.`,
  new_names: (count) => `${count} people who had just come wrote within a minute.`,
};
const GUARDS = {
  work: "New people wait a few seconds at the door while their device solves a puzzle. People you know come straight in.",
  knock: "New people knock. People you know come straight in.",
};

const NOBODY = { item: "", participant: "", text: "", told: "", message: "", claimedBy: "", facts: [] };

/** The words of this id, said or held. */
function textAt({ messages, desk }, id) {
  const found = messages.find((one) => one.id === id) || desk.held.find((one) => one.held === id);
  return found ? found.text : "";
}

function concerns(room) {
  return room.desk.concerns.map(({ concern, at, participant, nickname, sort, topic, message, claimed_by: claimedBy }) => ({
    ...NOBODY,
    ...{ key: `concern-${concern}`, kind: "concern", item: concern, at, participant, nickname, message, claimedBy, topic },
    title: nickname,
    facts: [sort === "friend" ? `Someone here is worried about ${nickname}.` : DANGERS[topic]],
    text: textAt(room, message),
  }));
}

function whyHeld({ policy, reason }) {
  return [reason || POLICIES[policy] || "It may not fit here."];
}

function held({ desk }) {
  return desk.held.map((one) => ({
    ...NOBODY,
    ...{ key: `held-${one.held}`, kind: "held", item: one.held, at: one.at, claimedBy: one.claimed_by },
    ...{ participant: one.participant, nickname: one.nickname, text: one.text || inWords(one.name || "other") },
    title: one.nickname,
    facts: whyHeld(one),
  }));
}

function reports({ desk }) {
  return desk.reports
    .filter(({ outcome }) => !outcome)
    .map(({ report, at, participant, nickname, reason, text, words, message, claimed_by: claimedBy }) => ({
      ...{ key: `report-${report}`, kind: "report", item: report, at, participant, nickname, text, claimedBy, reason },
      title: nickname,
      facts: [reportReason(reason), ...(message ? [] : ["It was written directly, to one person."])],
      told: words,
      message: text ? message : 0,
    }));
}

function waitingLines(lines) {
  return lines.filter(({ isOpen }) => isOpen).map(({ id, nickname, at, claimedBy, state, count, isFree }) => ({
    ...NOBODY,
    ...{ key: `line-${id}`, kind: "line", participant: id, nickname, at, claimedBy, count, isFree },
    title: nickname,
    facts: [state],
  }));
}

const CAUTIONS = {
  removed_near: "Same network as someone who was removed",
  sent_back: "Was asked back to the door",
  sent_back_near: "Same network as someone who was asked back to the door",
  muted: "Came with a moderator link, and is muted here",
  muted_near: "Same network as someone who is muted",
  many_near: "Many from the same network just now",
  demoted: "Came with a moderator link, and is not a moderator any more",
  old_link: "Came with an old moderator link",
  demoted_near: "Came with a moderator link. Same network as someone who is not a moderator any more",
};

function knocks({ knocks: waiting }) {
  return waiting.map(({ knock, nickname, at, cautions }) => ({
    ...NOBODY,
    ...{ key: `knock-${knock}`, kind: "knock", participant: knock, nickname, at, title: nickname },
    facts: cautions.map((caution) => CAUTIONS[caution]),
    isDoubtful: cautions.some((caution) => caution !== "sent_back"),
  }));
}

function guards({ desk }) {
  const { guard: raised } = desk;
  if (!raised) return [];
  const facts = [SIGNALS[raised.signal](raised.count), GUARDS[raised.guard]];
  return [{ ...NOBODY, key: "guard", kind: "guard", nickname: "", at: raised.at, title: "Many came at once", facts }];
}

export function casesOf(room, lines) {
  return [...concerns(room), ...held(room), ...reports(room), ...waitingLines(lines), ...knocks(room.desk), ...guards(room)];
}

/** The cases that wait for this moderator: those nobody else who is here looks at. */
export function waitingOf(cases, { me, people, desk }) {
  const isAtIt = (id) => id !== me.participant && people[id] && people[id].here && !desk.on_break.includes(id);
  const waits = ({ kind, isFree, count }) => kind !== "guard" && (kind !== "line" || isFree || count > 0);
  return cases.filter((one) => waits(one) && !(one.claimedBy && isAtIt(one.claimedBy)));
}

/** Who looks at a case, in a sentence; "" when nobody does. */
export function stateOf({ kind, claimedBy }, { me, people, desk }) {
  if (!claimedBy || kind === "line") return "";
  if (claimedBy === me.participant) return "You are looking at this.";
  const person = people[claimedBy];
  if (!person) return "Someone who left was looking at this.";
  return `${person.nickname} ${desk.on_break.includes(claimedBy) ? "takes a break, and was" : "is"} looking at this.`;
}
