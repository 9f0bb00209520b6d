/**
 * The moderators among themselves: their own channel, who is on duty, a break, and a quiet question after a hard moment.
 *
 * `createTeam({send, notify, roomOf, newId, now, afterwards, redraw})`: `element` is the row of buttons, `question` the quiet
 * question, `draw(room, waiting)`; `tell(frame, me)` is given every entry, `close()` closes the channel.
 */
import { createChannel } from "./desk_channel.js";
import { button, make, say } from "./dom.js";

const ALONE = "You are the only one on duty. Stay until someone else is, or calm the room first.";

/** Who moderates now, besides oneself: nicknames. */
export function onDuty({ people, me, desk }) {
  const isOn = ([id, { role, here }]) => role !== "participant" && here && !desk.on_break.includes(id);
  const others = Object.entries(people).filter(([id]) => id !== me.participant);
  return others.filter(isOn).map(([, { nickname }]) => nickname);
}

function isResting({ desk, me }) {
  return desk.on_break.includes(me.participant);
}

export function createTeam(tools) {
  const { send, notify, roomOf, now, afterwards, redraw } = tools;
  const channel = createChannel(tools);
  const state = make("p", { class: "hint" });
  const open = button("Moderators", channel.open);
  const rest = button("I need a break", changeDuty);
  const row = make("div", { class: "row" }, open, rest);
  const choices = [
    ["I'm all right", () => {}],
    ["I need a break", changeDuty],
    ["Write to the others", channel.open],
  ].map(([label, run]) => button(label, () => answer(run)));
  const asked = make("p", {}, make("b", {}, "That was a lot. How are you?"));
  const question = make(
    "section",
    { class: "card asking", "aria-label": "How are you?", hidden: true },
    asked,
    make("div", { class: "row" }, ...choices),
  );

  function answer(run) {
    afterwards.answered(now());
    run();
    redraw();
  }

  function changeDuty() {
    send({ do: isResting(roomOf()) ? "end_break" : "take_break" }, (frame) => {
      if (frame.is === "refused") notify(frame.code === "last_on_duty" ? ALONE : frame.sentence);
    });
  }

  function drawState(room) {
    const others = onDuty(room);
    const resting = isResting(room);
    const who = others.length ? `${others.join(", ")} ${others.length > 1 ? "are" : "is"} on duty` : "Nobody else is on duty";
    say(state, resting ? `You are taking a break. ${who}.` : `${who}${others.length ? " with you" : ""}.`);
    say(rest, resting ? "I am back" : "I need a break");
    rest.classList.toggle("primary", resting);
  }

  return {
    element: make("section", { class: "stack", "aria-label": "The moderators" }, state, row),
    question,
    close: channel.close,
    draw(room, waiting) {
      const hadFocus = question.contains(document.activeElement);
      drawState(room);
      channel.draw(room);
      const fresh = channel.unread(room);
      open.textContent = fresh ? `Moderators, ${fresh} new` : "Moderators";
      open.classList.toggle("primary", fresh > 0);
      question.hidden = !afterwards.asks(waiting);
      if (hadFocus && question.hidden) open.focus({ preventScroll: true });
    },
    /** What the others say and do, unless it is on the screen. */
    tell({ event, by, by_nickname: name, participant, nickname }, me) {
      const isNew = event === "team_said" && by !== me && !channel.isOpen();
      if (isNew) notify(`${name} writes to the moderators.`, { label: "Read", run: channel.open });
      if (event === "break_taken" && participant !== me) notify(`${nickname} takes a break. The others look after the room.`);
      if (event === "break_over" && participant !== me) notify(`${nickname} is back on duty.`);
    },
  };
}
