/**
 * Check-ins: a calm card to answer or to pass, and afterwards the picture of the room.
 *
 * `createCheckIns({send, roomOf, notify, following})`: `asks(room)` are the buttons of this moment, `look(room)` tells what
 * opens and closes, `open(round)` opens the sheet of one.
 */
import { startCheckIn } from "./ask_room.js";
import { createAsked, createWatch } from "./asks.js";
import { bars, columns } from "./bars.js";
import { radio } from "./reasons.js";
import { button, make, say } from "./dom.js";
import { leads, modeOf } from "./floor.js";
import { FEELINGS, FEW, feelingRows, mineText, titleOf, together, urgeColumns, urgeText } from "./picture.js";

const URGES = Array.from({ length: 11 }, (_, urge) => urge);
const ASKED = "Only sums are shown, never names: a picture of the room at the end, when five or more have answered.";
const IN_TURN = "It goes round: say something in your turn if you like, and answer here for the picture.";
const CHOOSE = "Please choose a feeling and a number, or pass.";

function answered(count) {
  return `${count} ${count === 1 ? "has" : "have"} answered.`;
}

function group(name, legend, hint, choices, className) {
  return make(
    "fieldset",
    {},
    make("legend", {}, legend),
    ...(hint ? [make("p", { class: "hint" }, hint)] : []),
    make("div", { class: className }, ...choices.map((value) => radio(name, value, String(value), false))),
  );
}

function pictureOf({ answers, picture }, pictures) {
  if (!picture) return [make("p", {}, FEW)];
  const rows = feelingRows(picture, pictures).map((row) => ({ ...row, words: String(row.count) }));
  return [
    make("p", { class: "quiet" }, `${answers} answered.`),
    bars(rows),
    make("p", { class: "quiet", "aria-hidden": "true" }, "The urge, from 0 to 10"),
    columns(urgeColumns(picture)),
    make("p", { class: "spoken" }, urgeText(picture)),
  ];
}

export function createCheckIns({ send, roomOf, notify, following }) {
  const watch = createWatch({
    opened: () => notify("A check-in: how are you, right now?"),
    closed: () => notify("The check-in is closed. You can see the picture of the room."),
  });

  const find = (room, id) => room.rounds.find(({ round }) => round === id);

  function form(id, { in_turn }, error) {
    const urge = group("urge", "How strong is the urge?", "0 is none at all, 10 is as strong as it can be.", URGES, "scale");
    const feeling = group("feeling", "How do you feel?", "", FEELINGS, "choices beside");
    const told = (frame) => say(error, frame.is === "refused" ? frame.sentence : "");
    const submit = (event) => {
      event.preventDefault();
      const [felt, strong] = [feeling, urge].map((node) => node.querySelector("input:checked"));
      if (felt && strong) send({ do: "check_in", feeling: felt.value, urge: Number(strong.value) }, told);
      else {
        say(error, CHOOSE);
        (felt ? urge : feeling).querySelector("input").focus();
      }
    };
    const pass = button("Pass", () => send({ do: "pass_check_in" }, told));
    const { feeling: before } = roomOf().me.check_ins[id] || {};
    return make(
      "form",
      { class: "stack", submit, novalidate: true },
      make("p", {}, in_turn ? IN_TURN : ASKED),
      feeling,
      urge,
      error,
      make("div", { class: "row" }, make("button", { class: "primary" }, "Answer"), ...(before === "" ? [] : [pass])),
    );
  }

  function leading(room, error) {
    const told = (frame) => frame.is === "refused" && say(error, frame.sentence);
    const end = button("Close it and show the picture", () => send({ do: "close_check_in" }, told));
    return leads(room) ? [make("div", { class: "row" }, end)] : [];
  }

  function ofMine(room, round) {
    const words = mineText(room.me.check_ins[round]);
    return words ? [make("p", { class: "hint" }, words)] : [];
  }

  function results(room, id) {
    watch.saw(id);
    const shown = together(room.rounds, id);
    const pictures = shown.map(({ picture }) => picture).filter(Boolean);
    const parts = shown.map((round) =>
      make(
        "section",
        { class: "stack" },
        make("h3", {}, titleOf(room.rounds.indexOf(round))),
        ...pictureOf(round, pictures),
        ...ofMine(room, round.round),
      ),
    );
    return [make("div", { class: "pictures" }, ...parts)];
  }

  function open(id) {
    const tally = make("p", { class: "quiet" });
    const error = make("p", { class: "error", role: "alert", hidden: true });
    const isAsked = (room) => {
      const { feeling } = room.me.check_ins[id] || {};
      return !feeling;
    };
    following.open("Check-in", {
      stateOf(room) {
        const round = find(room, id);
        return round.open ? [isAsked(room), room.me.check_ins[id] || null, leads(room)] : [round];
      },
      draw(room) {
        const round = find(room, id);
        if (!round.open) return results(room, id);
        const mine = make("p", {}, mineText(room.me.check_ins[id]));
        const shown = isAsked(room) ? [...(room.me.check_ins[id] ? [mine] : []), form(id, round, error)] : [mine, error];
        return [...shown, tally, ...leading(room, error)];
      },
      update: (room) => say(tally, answered(find(room, id).answers)),
    });
  }

  /** In a phase for it, who leads starts it with one tap: in turn where people share in turn. */
  function toStart(room) {
    const inTurn = modeOf(room) === "floor";
    const label = room.rounds.length ? "Start another check-in" : "Start the check-in";
    const isTime = leads(room) && room.course.phase.kind === "check_in";
    return isTime ? [{ key: "start", label, main: false, run: () => startCheckIn(send, inTurn, notify) }] : [];
  }

  function ofOpen(room) {
    const [round] = room.rounds.filter((one) => one.open);
    if (!round) return toStart(room);
    const isAsked = !room.me.check_ins[round.round];
    const label = isAsked ? "Answer the check-in" : `Check-in: ${answered(round.answers).slice(0, -1)}`;
    return [{ key: "check-in", label, main: isAsked, run: () => open(round.round) }];
  }

  const idsOf = (room) => room.rounds.map(({ round, open: isOpen }) => ({ id: round, open: isOpen }));
  return createAsked({ watch, idsOf, ofOpen, open, key: "picture", label: "See the picture of the room" });
}
