/**
 * The calm of the room: one tap, each step shown and undone alone or all together, and the wrongly removed brought back.
 *
 * `createCalm({send, notify, roomOf, now})`: `element`, `draw(room, now)`, and `lift(command)`, which carries out `unveil` or
 * `end_calm` and first asks what becomes of words that people wrote who are removed. `calmOf(room)` is what of the calm is on:
 * `{stopped, veiled, knock}`; `removedLately(room, now)` are the ids of those removed in the last ten minutes who are still out;
 * `stillHidden(room)` are the messages of removed people under the veil.
 */
import { button, make, say } from "./dom.js";
import { confirm } from "./meeting.js";
import { openSheet } from "./sheet.js";

const RECENT_MS = 600000;
const STEPS = [
  ["stopped", "Nobody writes", { do: "resume_posting" }],
  ["veiled", "The last minute is veiled", { do: "unveil" }],
  ["knock", "New people knock", { do: "set_door", door: "open" }],
];
const BRING_BACK = {
  title: "Bring back everyone who was removed?",
  text: "Everyone removed in the last 10 minutes may come in again at once. What was deleted stays deleted.",
  yes: "Bring them back",
  no: "Not now",
};
const HINT = "Nobody writes, the last minute is veiled, new people knock. Each can be undone.";

export function removedLately({ desk }, now) {
  const isLate = ({ event, at }) => event === "removed" && now - at < RECENT_MS;
  const lately = desk.actions.filter((action) => isLate(action) && desk.removed[action.participant]);
  return Array.from(new Set(lately.map(({ participant }) => participant)));
}

export function stillHidden({ messages, desk }) {
  return messages.filter(({ veiled, gone, by }) => veiled && !gone && desk.removed[by]);
}

export function calmOf({ posting_stopped: stopped, veil, door }) {
  return { stopped, veiled: Boolean(veil), knock: door === "knock" };
}

export function createCalm({ send, notify, roomOf, now }) {
  const tell = (frame) => frame.is === "refused" && frame.code !== "already_so" && notify(frame.sentence);
  const does = (command) => () => send(command, tell);
  const calm = button("Calm the room", does({ do: "calm" }));
  const hint = make("p", { class: "hint" }, HINT);
  const end = button("End the calm", () => lift({ do: "end_calm" }), "primary");
  const back = button("", bringBack);
  const steps = STEPS.map(([name, words, command]) => {
    const undo = button("Undo", () => lift(command), "plain");
    undo.setAttribute("aria-label", `Undo: ${words}`);
    return { name, row: make("li", {}, make("span", { class: "grow" }, words), undo) };
  });
  const list = make("ul", { class: "steps" }, ...steps.map(({ row }) => row));
  const attributes = { class: "stack calm", "aria-label": "Calm", tabindex: -1 };
  const element = make("section", attributes, calm, hint, list, end, back);

  /** Without a choice the server deletes what removed people wrote, so that nothing hurtful comes back by itself. */
  function lift(command) {
    const lifts = command.do === "unveil" || command.do === "end_calm";
    const count = lifts ? stillHidden(roomOf()).length : 0;
    if (count) ask(command, count);
    else does(command)();
  }

  function ask(command, count) {
    const them = count === 1 ? "it" : "them";
    const choose = (choice) => () => {
      close();
      does({ ...command, ...choice })();
    };
    const asked =
      count === 1
        ? "A message by someone who was removed is still hidden."
        : `${count} messages by people who were removed are still hidden.`;
    const row = make(
      "div",
      { class: "row" },
      button(`Delete ${them}`, choose({}), "primary"),
      button(`Show ${them} again`, choose({ show_removed: true })),
      button("Not now", () => close(), "plain"),
    );
    const hint = make("p", { class: "hint" }, "What everyone else wrote comes back. What you delete cannot be brought back.");
    const close = openSheet(make("div", { class: "stack" }, make("p", {}, asked), hint, row), { label: "What is still hidden" });
  }

  function bringBack() {
    confirm(BRING_BACK, () => removedLately(roomOf(), now()).forEach((participant) => does({ do: "readmit", participant })()));
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

  return { element, draw, lift };
}
