/**
 * The moderators' desk: open reports first, then the door, then what was done, with undo.
 *
 * `createDesk(parts, {send, acts, roomOf})`: the function it returns draws a room at a time.
 */
import { timeOf } from "./clock.js";
import { button, make, say, whenChanged } from "./dom.js";
import { createList } from "./list.js";
import { reportReason, sentenceOf, undosOf } from "./moderation.js";
import { openReports } from "./status.js";

const REDRAW_MS = 5000;
const SETTLED = { acted: "Settled: something was done.", nothing_needed: "Settled: nothing was needed." };

export function createDesk({ reports, none, settled, settledBox, actions, door }, { send, acts, roomOf }) {
  let now = 0;

  function stateOf({ claimed_by, outcome }) {
    const room = roomOf();
    if (outcome) return SETTLED[outcome];
    if (!claimed_by) return "";
    if (claimed_by === room.me.participant) return "You are looking at this.";
    const person = room.people[claimed_by];
    return person ? `${person.nickname} is looking at this.` : "Someone who left was looking at this.";
  }

  function choicesFor({ report, message, participant, nickname, text, outcome, claimed_by }) {
    const resolve = (as) => () => send({ do: "resolve_report", report, outcome: as });
    if (outcome) return [];
    if (claimed_by !== roomOf().me.participant) return [["I'm looking at this", () => send({ do: "claim_report", report })]];
    return [
      ...(text ? [["Take the message away", () => acts.redact({ offset: message, text })]] : []),
      ...acts.against({ id: participant, nickname }),
      ["Done", resolve("acted")],
      ["Nothing needed", resolve("nothing_needed")],
    ];
  }

  function updateReport(node, { report, state }) {
    const { reason, words, text, nickname, at, outcome } = report;
    const choices = choicesFor(report).map(([label, run]) => button(label, run));
    node.classList.toggle("settled", Boolean(outcome));
    node.replaceChildren(
      make("b", {}, reportReason(reason)),
      make("small", {}, `${nickname} wrote, reported ${timeOf(at, now)}`),
      make("blockquote", {}, text || "The message is gone."),
      ...(words ? [make("p", {}, `They say: ${words}`)] : []),
      ...(state ? [make("p", { class: "hint" }, state)] : []),
      ...(choices.length ? [make("div", { class: "row" }, ...choices)] : []),
    );
  }

  function updateAction(node, { action }) {
    const undos = undosOf(action, roomOf(), now).map(({ label, command }) => button(label, () => send(command), "plain"));
    const who = make("b", {}, action.by_nickname);
    node.replaceChildren(make("span", {}, make("small", {}, `${timeOf(action.at, now)} `), who, ` ${sentenceOf(action)}`));
    if (undos.length) node.append(make("span", { class: "row" }, ...undos));
  }

  const reportList = { create: () => make("li", { class: "report" }), update: updateReport };
  const drawOpen = createList(reports, reportList);
  const drawSettled = createList(settled, reportList);
  const drawActions = createList(actions, { create: () => make("li", { class: "action" }), update: updateAction });
  door.button.addEventListener("click", () => send({ do: roomOf().locked ? "unlock" : "lock" }));

  function labels(choices) {
    return choices.map((choice) => choice.label || choice[0]).join();
  }

  function reportRow(report) {
    return { key: report.report, report, state: stateOf(report), choices: labels(choicesFor(report)) };
  }

  function actionRow(action) {
    return { key: action.offset, action, undos: labels(undosOf(action, roomOf(), now)) };
  }

  function drawRoom(room, at) {
    now = at;
    const open = openReports(room);
    const done = room.desk.reports.filter(({ outcome }) => outcome);
    drawOpen(open.map(reportRow));
    drawSettled(done.map(reportRow));
    drawActions(room.desk.actions.map(actionRow).reverse());
    none.hidden = Boolean(open.length);
    settledBox.hidden = !done.length;
    say(door.sentence, room.locked ? "The door is closed: nobody new comes in." : "The door is open.");
    say(door.button, room.locked ? "Open the door" : "Close the door");
  }

  const parts = (room, at) => [room.desk, room.people, room.locked, room.me.role, Math.floor(at / REDRAW_MS)];
  return whenChanged(parts, drawRoom);
}
