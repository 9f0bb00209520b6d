/**
 * The people who are here, hosts and moderators first.
 *
 * `createRoster(list, openPerson)`: the function it returns draws a room at a time, and those who are `listed` besides.
 * Moderators get a button for those below them.
 */
import { HELPER_WORDS } from "./choices.js";
import { button, make, say, whenChanged } from "./dom.js";
import { face } from "./faces.js";
import { createList } from "./list.js";
import { isAbove, peopleOf } from "./people.js";

const REDRAW_MS = 5000;

function badgeOf({ role, helper, chairs }) {
  if (role === "host") return role;
  if (chairs) return "chair";
  return HELPER_WORDS[helper] || (role === "participant" ? "" : role);
}

function createPerson({ nickname }) {
  const who = make("span", { class: "grow who" }, make("span"), make("span", { class: "role" }), make("small"));
  return make("li", {}, face(nickname), who);
}

export function createRoster(list, openPerson) {
  function update(node, person) {
    const { id, nickname, here, me, acts, muted } = person;
    const [name, badge, state] = node.querySelector(".who").children;
    name.textContent = nickname;
    state.textContent = [me ? "you" : "", muted ? "muted" : "", here ? "" : "away"].filter(Boolean).join(", ");
    say(badge, badgeOf(person));
    node.classList.toggle("away", !here);
    const old = node.querySelector("button");
    if (acts && !old) node.append(button("\u22ef", () => openPerson({ id, nickname }), "plain more"));
    if (!acts && old) old.remove();
    if (acts) node.querySelector("button").setAttribute("aria-label", `What to do about ${nickname}`);
  }

  const draw = createList(list, { create: createPerson, update });
  function drawRoom(room, now, listed) {
    const mutes = room.desk ? room.desk.muted : {};
    const isMuted = ({ id }) => Boolean(mutes[id]) && mutes[id].until > now;
    const acts = ({ role }) => Boolean(room.desk) && isAbove(room.me.role, role);
    const rowOf = (person) => ({
      ...{ key: person.id, ...person, chairs: person.id === room.chair },
      ...{ muted: isMuted(person), acts: acts(person) },
    });
    draw(peopleOf(room, listed).map(rowOf));
  }

  return whenChanged(
    (room, now, listed) => [room.people, room.desk, room.me.role, room.chair, listed, Math.floor(now / REDRAW_MS)],
    drawRoom,
  );
}
