/**
 * The people who are here, hosts and moderators first.
 *
 * `createRoster(list, openPerson)`: `render(room)` draws when the people changed. Moderators get a button for those below them.
 */
import { button, make } from "./dom.js";
import { face } from "./faces.js";
import { createList } from "./list.js";
import { isAbove, peopleOf } from "./people.js";

function createPerson({ id }) {
  return make("li", {}, face(id), make("span", { class: "grow who" }, make("span"), make("span", { class: "role" }), make("small")));
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
  let drawn = {};

  return (room, now) => {
    const muted = room.desk ? Object.entries(room.desk.muted).filter(([, { until }]) => until > now).map(([id]) => id).join() : "";
    if (drawn.people === room.people && drawn.role === room.me.role && drawn.muted === muted) return;
    drawn = { people: room.people, role: room.me.role, muted };
    const isMuted = new Set(muted.split(","));
    draw(
      peopleOf(room).map((person) => ({
        key: person.id,
        ...person,
        muted: isMuted.has(person.id),
        acts: Boolean(room.desk) && isAbove(room.me.role, person.role),
      })),
    );
  };
}
