/**
 * The plan of the meeting for those who lead it: what is now and what comes, and how it goes on.
 *
 * `createPlan(part, {send, confirmEnd, sheets})`: the function it returns draws a room. `confirmEnd(yes, run)` asks first
 * when a share would end.
 */
import { timeLeft } from "./clock.js";
import { button, make, say, whenChanged } from "./dom.js";
import { createList } from "./list.js";
import { openSheet } from "./sheet.js";

const MINUTE_MS = 60000;
const REDRAW_MS = 5000;
const MODES = { host: "The host speaks", floor: "One person shares at a time", open: "Everyone can write" };

/** "12 min left" of the phase that is now; "" when it has no length, "time is over" after it. */
export function phaseLeft({ course }, now) {
  const { minutes } = course.phase;
  if (!minutes || course.index < 0) return "";
  const left = course.started_at + minutes * MINUTE_MS - now;
  return left > 0 ? timeLeft(Math.min(left, minutes * MINUTE_MS)) : "time is over";
}

export function createPlan({ list, onClock, chips, topic, settings, read, fellowship }, { send, roomOf, confirmEnd, sheets }) {
  function start(index, title) {
    confirmEnd(`Go on to ${title}`, () => send({ do: "go_to_phase", phase: index }));
  }

  function openPhase({ key, phase, isNow }) {
    const { title, text, mode, minutes, cue } = phase;
    const long = minutes ? `, ${minutes} minutes` : "";
    const go = button(isNow ? "Start it again" : "Start this now", () => {
      close();
      start(key, title);
    }, "primary");
    const content = make(
      "div",
      { class: "stack" },
      make("p", { class: "quiet" }, `${MODES[mode]}${long}.`),
      ...(cue ? [make("p", {}, cue)] : []),
      ...(text ? [make("blockquote", { dir: "auto" }, text)] : []),
      make("div", { class: "row" }, go),
    );
    const close = openSheet(content, { label: title });
  }

  function create() {
    return make("li", {});
  }

  function update(node, row) {
    const { title, minutes } = row.phase;
    const words = row.left || (minutes ? `${minutes} min` : row.isNow ? "now" : "");
    const label = [make("span", { class: "grow" }, make("bdi", {}, title)), make("small", {}, words)];
    const open = make("button", { type: "button", class: "plain", click: () => openPhase(row) }, ...label);
    const hadFocus = node.contains(document.activeElement);
    node.className = row.isNow ? "now" : row.isPast ? "past" : "";
    if (row.isNow) node.setAttribute("aria-current", "step");
    else node.removeAttribute("aria-current");
    node.replaceChildren(open);
    if (hadFocus) open.focus();
  }

  const draw = createList(list, { create, update });
  onClock.addEventListener("change", () => send({ do: "run_on_clock", on: onClock.checked }));
  chips.addEventListener("change", () => send({ do: "allow_chips", on: chips.checked }));
  topic.addEventListener("click", () => sheets.openTopic(roomOf().course));
  settings.addEventListener("click", () => sheets.openFloor(roomOf().floor));
  fellowship.addEventListener("click", () => sheets.openFellowship(roomOf().course));
  read.addEventListener("click", () => send({ do: "read_text" }));

  function drawRoom(room, now) {
    const { course, desk } = room;
    const left = phaseLeft(room, now);
    draw(
      (desk ? desk.script : []).map((phase, index) => {
        const isNow = index === course.index;
        return { key: index, phase, isNow, isPast: index < course.index, left: isNow ? left : "" };
      }),
    );
    onClock.checked = course.on_clock;
    chips.checked = course.chips_open;
    say(topic, course.topic ? "Change the topic" : "Set the topic");
    const stay = course.fellowship_minutes ? `${course.fellowship_minutes} minutes` : "no";
    say(fellowship, `Time together after the end: ${stay}`);
    read.hidden = !desk || !desk.script[course.index] || !desk.script[course.index].text;
  }

  return whenChanged((room, now) => [room.course, room.desk, Math.floor(now / REDRAW_MS)], drawRoom);
}
