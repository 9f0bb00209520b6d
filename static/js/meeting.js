/**
 * About this meeting: its words and times, what hosts do with its time, the Enter setting, and leaving.
 *
 * `createMeeting(parts, {send, notify, link, leave})`: the function it returns draws a room. `link()` is the invitation;
 * `leave()` leaves without a connection.
 */
import { timeOf } from "./clock.js";
import { copyButton } from "./copy.js";
import { button, make, say } from "./dom.js";
import { openSheet } from "./sheet.js";

const EXTENSIONS_MINUTES = [5, 10, 15];

function confirm({ title, text, yes, no }, run) {
  const go = button(yes, () => {
    close();
    run();
  }, "final");
  const choices = make("div", { class: "row" }, go, button(no, () => close()));
  const close = openSheet(make("div", { class: "stack" }, make("p", {}, text), choices), { label: title });
}

const LEAVE = {
  title: "Leave the meeting?",
  text: "Your seat and your name are given up, and this device forgets the meeting. You can come back with your link.",
  yes: "Leave the meeting",
  no: "Stay",
};

const END = {
  title: "End the meeting for everyone?",
  text: "It ends now, everything that was said is erased, and this cannot be undone.",
  yes: "End the meeting",
  no: "Go on",
};

export function createMeeting(parts, { send, notify, link, leave }) {
  function extend(minutes) {
    send({ do: "extend", minutes }, (frame) => {
      if (frame.is === "refused") notify(frame.sentence);
    });
  }

  parts.extend.append(...EXTENSIONS_MINUTES.map((minutes) => button(`+${minutes}`, () => extend(minutes))));
  parts.end.addEventListener("click", () => confirm(END, () => send({ do: "end" })));
  parts.leave.addEventListener("click", () =>
    confirm(LEAVE, () => send({ do: "leave" }, (frame) => frame.is === "refused" && leave())),
  );
  copyButton(parts.copy, link);

  return ({ welcome, rules, starts_at, ends_at, me }, now) => {
    const began = starts_at <= now ? "It started" : "It starts";
    say(parts.welcome, welcome);
    say(parts.times, `${began} at ${timeOf(starts_at, now)} and ends at ${timeOf(ends_at, now)}, your time.`);
    parts.chair.hidden = me.role !== "host";
    parts.rulesPart.hidden = !rules.length;
    if (!parts.rules.childElementCount) parts.rules.append(...rules.map((rule) => make("li", {}, rule)));
  };
}
