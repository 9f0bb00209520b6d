/**
 * The calm of the room: one tap, each step shown and undone alone or all together, and the wrongly removed brought back.
 *
 * `createCalm({send, notify, roomOf, now})`: `element`, and `draw(room, now)`. `calmOf(room)` is what of the calm is on:
 * `{stopped, veiled, knock}`; `removedLately(room, now)` are the ids of those removed in the last ten minutes who are still out.
 */
import { button, make, say } from "./dom.js";

const RECENT_MS = 600000;
const STEPS = [
  ["stopped", "Nobody writes", { do: "resume_posting" }],
  ["veiled", "The last minute is veiled", { do: "unveil" }],
  ["knock", "New people knock", { do: "set_door", door: "open" }],
];
const HINT = "Nobody writes, the last minute is veiled, new people knock. Each can be undone.";

export function removedLately({ desk }, now) {
  const isLate = ({ event, at }) => event === "removed" && now - at < RECENT_MS;
  const lately = desk.actions.filter((action) => isLate(action) && desk.removed[action.participant]);
  return Array.from(new Set(lately.map(({ participant }) => participant)));
}

export function calmOf({ posting_stopped: stopped, veil, door }) {
  return { stopped, veiled: Boolean(veil), knock: door === "knock" };
}

export function createCalm({ send, notify, roomOf, now }) {
  const tell = (frame) => frame.is === "refused" && frame.code !== "already_so" && notify(frame.sentence);
  const does = (command) => () => send(command, tell);
  const calm = button("Calm the room", does({ do: "calm" }));
  const hint = make("p", { class: "hint" }, HINT);
  const end = button("End the calm", does({ do: "end_calm" }), "primary");
  const back = button("", bringBack);
  const steps = STEPS.map(([name, words, command]) => {
    const undo = button("Undo", does(command), "plain");
    undo.setAttribute("aria-label", `Undo: ${words}`);
    return { name, row: make("li", {}, make("span", { class: "grow" }, words), undo) };
  });
  const list = make("ul", { class: "steps" }, ...steps.map(({ row }) => row));
  const attributes = { class: "stack calm", "aria-label": "Calm", tabindex: -1 };
  const element = make("section", attributes, calm, hint, list, end, back);

  function bringBack() {
    removedLately(roomOf(), now()).forEach((participant) => does({ do: "readmit", participant })());
  }

  function draw(room, at) {
    const on = calmOf(room);
    const isCalm = on.stopped || on.veiled;
    const lately = removedLately(room, at).length;
    const had = element.contains(document.activeElement) && document.activeElement;
    steps.forEach(({ name, row }) => (row.hidden = !on[name]));
    calm.hidden = on.stopped && on.veiled;
    hint.hidden = isCalm;
    list.hidden = end.hidden = !isCalm;
    say(back, lately > 1 ? `Bring back all ${lately} removed in the last 10 minutes` : "");
    element.classList.toggle("on", isCalm);
    if (had && !had.getClientRects().length) element.focus();
  }

  return { element, draw };
}
