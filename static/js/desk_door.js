/**
 * What the moderators set for all: the door, the pace, direct messages, the list of words.
 *
 * `createDoorPart({send, notify, roomOf, openWords})`: `element`, and `draw(room)`.
 */
import { button, make, say } from "./dom.js";
import { paceWords } from "./moderation.js";

const DOORS = [
  ["open", "Open"],
  ["knock", "Knock"],
  ["locked", "Closed"],
];
const STATES = {
  open: "The door is open.",
  knock: "New people knock, and you let them in. People you know come straight in.",
  locked: "The door is closed: nobody new comes in.",
};
const SLOW = [
  [0, "As people like"],
  [10, "One every 10 seconds"],
  [30, "One every 30 seconds"],
  [60, "One a minute"],
  [120, "One every 2 minutes"],
  [300, "One every 5 minutes"],
];
const LISTEN = [
  [0, "Write at once"],
  [2, "Listen for 2 minutes"],
  [5, "Listen for 5 minutes"],
  [10, "Listen for 10 minutes"],
  [30, "Listen for 30 minutes"],
];

/** A choice among numbers; one that another program has set is among them while it holds. */
function choice(id, label, values, change) {
  const select = make("select", { id, change: () => change(Number(select.value)) });
  const element = make("div", { class: "field" }, make("label", { for: id }, label), select);

  function draw(chosen) {
    const known = values.some(([value]) => value === chosen) ? values : [...values, [chosen, String(chosen)]];
    const options = known.map(([value, words]) => make("option", { value }, words));
    if (select.childElementCount !== options.length) select.replaceChildren(...options);
    select.value = String(chosen);
  }

  return { element, draw };
}

function check(label, change) {
  const box = make("input", { type: "checkbox", change: () => change(box.checked) });
  return { element: make("label", { class: "check" }, box, label), draw: (on) => (box.checked = on) };
}

export function createDoorPart({ send, notify, roomOf, openWords }) {
  const tell = (frame) => frame.is === "refused" && frame.code !== "already_so" && notify(frame.sentence);
  const does = (command) => send(command, tell);

  function setPace(change) {
    const { slow_seconds, listen_minutes, hold_new } = { ...roomOf().pace, ...change };
    does({ do: "set_pace", slow_seconds, listen_minutes, hold_new });
  }

  const doors = DOORS.map(([door, label]) => ({ door, node: button(label, () => does({ do: "set_door", door })) }));
  const state = make("p", { class: "hint" });
  const row = make("div", { class: "row", role: "group", "aria-label": "The door" }, ...doors.map(({ node }) => node));
  const slow = choice("pace-slow", "Messages of one person", SLOW, (slow_seconds) => setPace({ slow_seconds }));
  const listen = choice("pace-listen", "Who has just come", LISTEN, (listen_minutes) => setPace({ listen_minutes }));
  const hold = check("Words of new people wait for a moderator", (hold_new) => setPace({ hold_new }));
  const direct = check("People may write to each other directly, when both agree", (on) => does({ do: "set_direct", on }));
  const fields = [slow, listen, hold, direct].map(({ element }) => element);
  const summary = make("summary");
  const words = button("The list of words", openWords);
  const pace = make("details", {}, summary, make("div", { class: "stack" }, ...fields, words));
  const attributes = { class: "stack", "aria-label": "The door and the pace" };

  return {
    element: make("section", attributes, make("h3", {}, "The door"), state, row, pace),
    draw(room) {
      doors.forEach(({ door, node }) => node.setAttribute("aria-pressed", String(room.door === door)));
      say(state, STATES[room.door]);
      slow.draw(room.pace.slow_seconds);
      listen.draw(room.pace.listen_minutes);
      hold.draw(room.pace.hold_new);
      direct.element.hidden = room.me.role !== "host";
      direct.draw(room.direct);
      say(summary, `Pace: ${paceWords(room.pace)}`);
    },
  };
}
