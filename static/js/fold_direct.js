/** The part of the fold about direct messages: one's own copies, and at the desk those that were reported. room.js merges it. */
import { newest } from "./fold_texts.js";

function changeTalks(room, change) {
  return { ...room, me: { ...room.me, direct: change(room.me.direct) } };
}

function mapTalks(talks, change) {
  return Object.fromEntries(Object.entries(talks).map(([other, talk]) => [other, change(talk)]));
}

function turn(room, { on }) {
  const changed = { ...room, direct: on };
  return on ? changed : changeTalks(changed, (talks) => mapTalks(talks, (talk) => ({ ...talk, state: "over" })));
}

function meet(room, { other, nickname, state }) {
  return changeTalks(room, (talks) => {
    const { said } = talks[other] || { said: [] };
    return { ...talks, [other]: { nickname, state, said } };
  });
}

function shortened(talks) {
  const all = Object.values(talks).flatMap(({ said }) => said).sort((a, b) => a.at - b.at);
  const kept = newest(all);
  if (kept.length === all.length) return talks;
  const isKept = new Set(kept);
  return mapTalks(talks, (talk) => ({ ...talk, said: talk.said.filter((one) => isKept.has(one)) }));
}

function say(room, { other, said, at, mine, text, origin_id }) {
  const talk = room.me.direct[other];
  if (!talk || talk.said.some((one) => one.said === said)) return room;
  const words = [...talk.said, { said, at, mine, text, origin_id }];
  return changeTalks(room, (talks) => shortened({ ...talks, [other]: { ...talk, said: words } }));
}

function report(room, { report: id, participant, nickname, text, reason, words, at }) {
  if (!room.desk || room.desk.reports.some((other) => other.report === id)) return room;
  const known = { report: id, message: "", participant, nickname, text, reason, words, at, claimed_by: "", outcome: "" };
  return { ...room, desk: { ...room.desk, reports: [...room.desk.reports, known] } };
}

/** Who reported words does not see them any more. */
function myReport(room, { other, said }) {
  const hide = (one) => (one.said === said ? { ...one, text: "" } : one);
  return changeTalks(room, (talks) => mapTalks(talks, (talk) => (talk === talks[other] ? { ...talk, said: talk.said.map(hide) } : talk)));
}

export const DIRECT_CHANGES = {
  direct_set: turn,
  direct: meet,
  direct_said: say,
  my_direct_report: myReport,
  direct_reported: report,
};
