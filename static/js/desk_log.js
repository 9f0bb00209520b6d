/**
 * What was done in this room by whom, the newest first, with what can still be undone.
 *
 * `createLog(list, {undo, roomOf})`: the function it returns draws a room at a time; `undo(command)` carries out what undoes.
 */
import { timeOf } from "./clock.js";
import { button, make, whenChanged } from "./dom.js";
import { createList } from "./list.js";
import { sentenceOf, undosOf } from "./moderation.js";

const SHOWN = 200;
const REDRAW_MS = 5000;

export function createLog(list, { undo, roomOf }) {
  let now = 0;

  function update(node, { action }) {
    const undos = undosOf(action, roomOf(), now).map(({ label, command }) => button(label, () => undo(command), "plain"));
    const who = make("b", {}, action.by_nickname);
    node.replaceChildren(make("span", {}, make("small", {}, `${timeOf(action.at, now)} `), who, ` ${sentenceOf(action)}`));
    if (undos.length) node.append(make("span", { class: "row" }, ...undos));
  }

  const draw = createList(list, { create: () => make("li", { class: "action", tabindex: -1 }), update });

  function rowOf(action) {
    const undos = undosOf(action, roomOf(), now).map(({ label }) => label);
    return { key: action.id, action, undos: undos.join() };
  }

  function drawRoom(room, at) {
    const had = Array.from(list.children).find((node) => node.contains(document.activeElement));
    now = at;
    draw(room.desk.actions.slice(-SHOWN).map(rowOf).reverse());
    if (had && !had.contains(document.activeElement)) had.focus({ preventScroll: true });
  }

  const parts = ({ desk, people, me, door, veil, pace, direct, posting_stopped: stopped }, at) => [
    ...[desk.actions, desk.muted, desk.removed, people, me.role, door, veil, pace, direct, stopped, Math.floor(at / REDRAW_MS)],
  ];
  return whenChanged(parts, drawRoom);
}
