/**
 * How those who lead ask the room: a check-in, a poll, and chips in a meeting without parts.
 *
 * `createAskRoom({send, roomOf, notify})`: the function it returns opens the sheet.
 */
import { button, make } from "./dom.js";
import { hasScript, modeOf } from "./floor.js";
import { openPollForm } from "./poll_form.js";
import { openSheet } from "./sheet.js";

const BOTH = "One check-in and one poll can be open at a time.";

/** Asks everyone how they are. */
export function startCheckIn(send, inTurn, notify) {
  send({ do: "start_check_in", in_turn: inTurn }, (frame) => frame.is === "refused" && notify(frame.sentence));
}

export function createAskRoom({ send, roomOf, notify }) {
  function checkIns(room) {
    if (room.rounds.some(({ open }) => open)) return [];
    const inTurn = ["Start a check-in, in turn", () => startCheckIn(send, true, notify)];
    const atOnce = ["Start a check-in, all at once", () => startCheckIn(send, false, notify)];
    return modeOf(room) === "floor" ? [atOnce, inTurn] : [atOnce];
  }

  function polls(room) {
    return room.polls.some(({ open }) => open) ? [] : [["Open a poll", () => openPollForm(send)]];
  }

  /** In a meeting with parts the plan has this. */
  function chips(room) {
    const { chips_open: isOpen } = room.course;
    const allow = [isOpen ? "No more chips" : "Let people take chips", () => send({ do: "allow_chips", on: !isOpen })];
    return hasScript(room) ? [] : [allow];
  }

  return () => {
    const room = roomOf();
    const choices = [...checkIns(room), ...polls(room), ...chips(room)].map(([label, run]) =>
      button(label, () => {
        close();
        run();
      }),
    );
    const element = make("div", { class: "stack" }, make("div", { class: "menu" }, ...choices), make("p", { class: "hint" }, BOTH));
    const close = openSheet(element, { label: "Ask the room" });
  };
}
