/**
 * The people who are here, hosts and moderators first.
 *
 * `createRoster(list, {openPerson, hidden})`: the function it returns draws a room at a time, and those who are `listed` besides.
 * There is a button for everyone but oneself; when the one that has the focus goes with its person, the next has it, or the
 * list. `hidden()` are those one hid just for oneself.
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
  const who = make("span", { class: "grow who" }, make("bdi"), make("span", { class: "role" }), make("small"));
  return make("li", {}, face(nickname), who);
}

export function createRoster(list, { openPerson, hidden }) {
  list.tabIndex = -1;

  function update(node, person) {
    const { id, nickname, here, me, acts, muted, isHidden } = person;
    const [name, badge, state] = node.querySelector(".who").children;
    name.textContent = nickname;
    state.textContent = [me ? "you" : "", muted ? "muted" : "", isHidden ? "hidden" : "", here ? "" : "away"].filter(Boolean).join(", ");
    say(badge, badgeOf(person));
    node.classList.toggle("away", !here);
    if (me) return;
    if (!node.querySelector("button")) node.append(button("\u22ef", () => openPerson({ id, nickname }), "plain more"));
    node.querySelector("button").setAttribute("aria-label", `${acts ? "What to do about" : "More about"} ${nickname}`);
  }

  const buttons = () => Array.from(list.querySelectorAll("button"));

  function refocus(place) {
    const left = buttons();
    (left[Math.min(place, left.length - 1)] || list).focus({ preventScroll: true });
  }

  const draw = createList(list, { create: createPerson, update });
  function drawRoom(room, now, listed) {
    const mutes = room.desk ? room.desk.muted : {};
    const isMuted = ({ id }) => Boolean(mutes[id]) && mutes[id].until > now;
    const acts = ({ role }) => Boolean(room.desk) && isAbove(room.me.role, role);
    const rowOf = (person) => ({
      ...{ key: person.id, ...person, chairs: person.id === room.chair },
      ...{ muted: isMuted(person), acts: acts(person), isHidden: hidden()[person.id] !== undefined },
    });
    const had = buttons().indexOf(document.activeElement);
    draw(peopleOf(room, listed).map(rowOf));
    if (had >= 0 && !list.contains(document.activeElement)) refocus(had);
  }

  return whenChanged(
    (room, now, listed) => [room.people, room.desk, room.me.role, room.chair, listed, hidden(), Math.floor(now / REDRAW_MS)],
    drawRoom,
  );
}
