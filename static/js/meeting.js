/**
 * About this meeting: its words and times, and leaving.
 *
 * `createMeeting(parts, {send, leave})`: the function it returns draws a room. `leave()` leaves without a connection.
 * `confirm({title, text, yes, no}, run)` asks before something that cannot be undone.
 */
import { timeOf } from "./clock.js";
import { button, make, say } from "./dom.js";
import { openSheet } from "./sheet.js";

export function confirm({ title, text, yes, no }, run) {
  const go = button(yes, () => {
    close();
    run();
  }, "final");
  const choices = make("div", { class: "row" }, go, button(no, () => close()));
  const close = openSheet(make("div", { class: "stack" }, make("p", {}, text), choices), { label: title });
}

const LEAVE = {
  title: "Leave the meeting?",
  text: "Your seat is given up, and this device forgets the meeting. You can come back with your link, under another name: " +
    "yours is kept from everyone until the meeting ends.",
  yes: "Leave the meeting",
  no: "Stay",
};

export function createMeeting(parts, { send, leave }) {
  parts.leave.addEventListener("click", () =>
    confirm(LEAVE, () => send({ do: "leave" }, (frame) => frame.is === "refused" && leave())),
  );

  return ({ welcome, rules, starts_at, ends_at }, now) => {
    const began = starts_at <= now ? "It started" : "It starts";
    say(parts.welcome, welcome);
    say(parts.times, `${began} at ${timeOf(starts_at, now)} and ends at ${timeOf(ends_at, now)}, your time.`);
    parts.rulesPart.hidden = !rules.length;
    if (!parts.rules.childElementCount) parts.rules.append(...rules.map((rule) => make("li", { dir: "auto" }, rule)));
  };
}
