/**
 * What this person is asked at this moment, above the field: the sharer whether they are still writing, whoever leads whether
 * the meeting needs more time. It lies over the end of the talk, so that nothing moves under a finger, takes no focus, and is
 * said aloud politely.
 *
 * `createQuestions(node, {send, notify, announce, roomOf, turn, goTo, home, now, later})`: `draw(room)`; `goTo(index)` goes on to a
 * part of the plan; `home` has the focus when a button that had it goes. `endQuestion(room, now)` is `{key, sentence}` or null.
 */
import { button, make } from "./dom.js";
import { holds, leads } from "./floor.js";
import { timeWarning } from "./status.js";

const SOON_MS = 400;
const EXTENSIONS_MINUTES = [5, 10];

/** The warning before the end, for whoever leads; `key` is another one for each warning. */
export function endQuestion(room, now) {
  const warning = leads(room) && !room.course.graced && timeWarning(room.ends_at - now);
  return warning ? { key: `end-${room.ends_at}-${warning.minutes}`, sentence: warning.sentence } : null;
}

/** The closing part that is still to come, or -1. */
export function closingOf({ course, desk }) {
  if (!desk || course.fellowship) return -1;
  return desk.script.findIndex(({ kind }, index) => kind === "closing" && index > course.index);
}

export function createQuestions(node, { send, notify, announce, roomOf, turn, goTo, home, now, later }) {
  let shown = "";
  let answered = "";

  function act(label, run, className) {
    const answer = () => {
      answered = shown;
      run();
      draw(roomOf());
    };
    const made = button(label, answer, className);
    made.addEventListener("pointerdown", (event) => event.preventDefault());
    return made;
  }

  /** A tap that was meant for what lay here before is no answer. */
  function enableSoon(acts) {
    const enable = (isOn) => acts.forEach((one) => (one.disabled = !isOn));
    enable(false);
    later(() => enable(true), SOON_MS);
  }

  function extend(minutes) {
    send({ do: "extend", minutes }, (frame) => frame.is === "refused" && notify(frame.sentence));
  }

  function sharerActs() {
    return [act("Keep the floor", () => send({ do: "keep_floor" })), act("Done", () => turn.end("done"))];
  }

  function endActs(room) {
    const closing = closingOf(room);
    return [
      ...EXTENSIONS_MINUTES.map((minutes) => act(`+${minutes} minutes`, () => extend(minutes))),
      ...(closing < 0 ? [] : [act("Go to the closing", () => goTo(closing))]),
      act("Not now", () => {}, "plain"),
    ];
  }

  function questionOf(room) {
    if (holds(room) && room.me.asked) return { key: `share-${room.floor.share}`, sentence: "Still writing? There is no hurry.", acts: sharerActs };
    const end = endQuestion(room, now());
    return end && end.key !== answered ? { ...end, acts: endActs } : null;
  }

  function show(question, room) {
    const hadFocus = node.contains(document.activeElement);
    node.replaceChildren();
    node.hidden = !question;
    if (hadFocus) home.focus({ preventScroll: true });
    if (!question) return;
    const acts = question.acts(room);
    node.append(make("p", {}, question.sentence), make("div", { class: "row" }, ...acts));
    announce(question.sentence);
    enableSoon(acts);
  }

  function draw(room) {
    const question = questionOf(room);
    const key = question ? question.key : "";
    if (key !== shown) {
      shown = key;
      show(question, room);
    } else if (question && node.firstChild.textContent !== question.sentence) {
      node.firstChild.textContent = question.sentence;
    }
  }

  return { draw };
}
