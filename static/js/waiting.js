/**
 * Who shares and who waits to, in the one order that all see. Hosts and moderators move people and give the floor here.
 *
 * `createWaiting(parts, {send, announce, openWaiting})`: the function it returns draws a room. `openWaiting(person)` shows all
 * that may be done about someone who waits.
 */
import { make, say, whenChanged } from "./dom.js";
import { face } from "./faces.js";
import { modeOf, ordinal, tendsFloor } from "./floor.js";
import { createList } from "./list.js";

const REASONS = { first_time: "first time", milestone: "milestone", burning_desire: "needs to share today" };

/** The private reason of a hand, for hosts and moderators: "" for others. */
export function reasonOf({ desk }, participant) {
  const hand = desk && desk.hands && desk.hands[participant];
  return hand ? hand.words || REASONS[hand.reason] || "" : "";
}

function toolsOf(node) {
  return node.querySelector(".tools");
}

export function createWaiting({ part, sharing, none, list, state }, { send, announce, openWaiting }) {
  function move(row, by) {
    const place = row.place + by;
    send({ do: "move_hand", participant: row.key, place }, (frame) =>
      announce(frame.is === "refused" ? frame.sentence : `${row.nickname} is ${ordinal(place)}.`),
    );
  }

  function mover(label, text, row, by) {
    const attributes = { type: "button", class: "plain more", "aria-label": `${label} ${row.nickname}` };
    return make("button", { ...attributes, click: () => move(row, by) }, text);
  }

  function createPerson({ nickname }) {
    const who = make("span", { class: "grow who" }, make("bdi", {}, nickname), make("small"));
    return make("li", {}, face(nickname), who, make("span", { class: "row tools" }));
  }

  function toolsFor(row) {
    if (!row.acts) return [];
    const up = mover("Move up", "\u2191", row, -1);
    const down = mover("Move down", "\u2193", row, 1);
    up.disabled = row.place === 0;
    down.disabled = row.last;
    const more = make("button", {
      type: "button",
      class: "plain more",
      "aria-label": `What to do about ${row.nickname}`,
      click: () => openWaiting({ id: row.key, nickname: row.nickname }),
    }, "\u22ef");
    return [up, down, more];
  }

  function update(node, row) {
    node.classList.toggle("now", row.me);
    node.querySelector("small").textContent = [row.me ? "you" : "", row.reason].filter(Boolean).join(", ");
    toolsOf(node).replaceChildren(...toolsFor(row));
  }

  const drawList = createList(list, { create: createPerson, update });

  /** Whoever is moved by keyboard keeps the focus. */
  function draw(rows) {
    const { activeElement: active } = document;
    const node = list.contains(active) && active.closest("li");
    const index = node ? Array.from(toolsOf(node).children).indexOf(active) : -1;
    drawList(rows);
    const again = index >= 0 && node.isConnected && toolsOf(node).children[index];
    if (again) (again.disabled ? toolsOf(node).lastChild : again).focus();
  }

  function drawSharing({ holder, nickname }, isMine) {
    sharing.hidden = !holder;
    sharing.replaceChildren(face(nickname), make("b", {}, make("bdi", {}, nickname)), isMine ? "you" : "sharing");
  }

  function drawRoom(room) {
    const { floor, me } = room;
    part.hidden = modeOf(room) !== "floor" && !floor.queue.length;
    drawSharing(floor, floor.holder === me.participant);
    draw(
      floor.queue.map(({ participant, nickname }, place) => ({
        key: participant,
        nickname,
        place,
        last: place === floor.queue.length - 1,
        me: participant === me.participant,
        reason: reasonOf(room, participant),
        acts: tendsFloor(room),
      })),
    );
    none.hidden = Boolean(floor.queue.length);
    say(state, floor.queue_closed ? "The list is closed: no more hands for now." : "");
  }

  const parts = (room) => [room.floor, room.course, room.desk, room.me.role, room.me.helper, room.chair];
  return whenChanged(parts, drawRoom);
}
