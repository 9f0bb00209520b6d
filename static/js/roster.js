/**
 * The people who are here, hosts and moderators first.
 *
 * `createRoster(list, openPerson)`: the function it returns draws a room at a time. Moderators get a button for those below
 * them.
 */
import { button, make, whenChanged } from "./dom.js";
import { face } from "./faces.js";
import { createList } from "./list.js";
import { isAbove, peopleOf } from "./people.js";

const REDRAW_MS = 5000;

function createPerson({ nickname }) {
  const who = make("span", { class: "grow who" }, make("span"), make("span", { class: "role" }), make("small"));
  return make("li", {}, face(nickname), who);
}

export function createRoster(list, openPerson) {
  function update(node, { id, nickname, role, here, me, acts, muted }) {
    const [name, badge, state] = node.querySelector(".who").children;
    name.textContent = nickname;
    state.textContent = [me ? "you" : "", muted ? "muted" : "", here ? "" : "away"].filter(Boolean).join(", ");
    badge.textContent = role;
    badge.hidden = role === "participant";
    node.classList.toggle("away", !here);
    const old = node.querySelector("button");
    if (acts && !old) node.append(button("\u22ef", () => openPerson({ id, nickname }), "plain more"));
    if (!acts && old) old.remove();
    if (acts) node.querySelector("button").setAttribute("aria-label", `What to do about ${nickname}`);
  }

  const draw = createList(list, { create: createPerson, update });
  function drawRoom(room, now) {
    const mutes = room.desk ? room.desk.muted : {};
    const isMuted = ({ id }) => Boolean(mutes[id]) && mutes[id].until > now;
    const acts = ({ role }) => Boolean(room.desk) && isAbove(room.me.role, role);
    draw(peopleOf(room).map((person) => ({ key: person.id, ...person, muted: isMuted(person), acts: acts(person) })));
  }

  return whenChanged((room, now) => [room.people, room.desk, room.me.role, Math.floor(now / REDRAW_MS)], drawRoom);
}
