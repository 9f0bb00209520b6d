/**
 * The lower bar in a meeting with a course: what may be done now, reactions to who shares, the sharer's own clock, and what is
 * said aloud. Loaded when a room has a script.
 *
 * `createBar(parts, {send, turn, announce, openHand, openThanks, openChip, goOn, later})`: `draw(room, now)`. Focus stays where
 * it is; when the button that had it goes, the row of buttons has it, or the bar.
 */
import { actsOf } from "./acts_now.js";
import { reactionButtons } from "./choices.js";
import { createCues, PASSING_MS } from "./cues.js";
import { button, say, setText, whenChanged } from "./dom.js";
import { holds, leftForSharer, minutesAndSeconds } from "./floor.js";
import { createList } from "./list.js";

const SECOND_MS = 1000;
const REACTIONS_SHOWN = 4;
const NONE = [];

/** The last words of who shares, to react to; null when there are none, or it is oneself. */
export function lastWords({ floor, messages, me }) {
  if (!floor.holder || floor.holder === me.participant) return null;
  const said = messages.filter(({ share, gone }) => share === floor.share && !gone);
  return said[said.length - 1] || null;
}

export function createBar({ section, acts, reacts, left }, tools) {
  const { send, turn, announce, openHand, openThanks, openChip, goOn, now } = tools;
  const cues = createCues();
  const rows = new Map();
  const special = {
    done: () => turn.end("done"),
    pass_floor: () => turn.end("pass_floor"),
    reason: openHand,
    thanks: openThanks,
    chip: openChip,
    next: goOn,
  };
  let shown = null;
  let ticking = 0;
  let waiting = 0;

  function run(key) {
    const { command } = rows.get(key);
    if (command) send(command);
    else special[key]();
  }

  const list = createList(acts, {
    create: ({ key }) => button("", () => run(key)),
    update(node, { label, main }) {
      setText(node, label);
      node.className = main ? "primary" : "";
    },
  });

  function drawActs(room) {
    const found = actsOf(room, now());
    const hadFocus = acts.contains(document.activeElement);
    rows.clear();
    found.forEach((row) => rows.set(row.key, row));
    list(found.map(({ key, label, main }) => ({ key, label, main })));
    acts.hidden = !found.length;
    if (hadFocus && !acts.contains(document.activeElement)) (acts.hidden ? section : acts).focus({ preventScroll: true });
  }

  const drawReacts = whenChanged(
    (message, mine) => [message, mine],
    (message, mine) => {
      const before = Array.from(reacts.querySelectorAll("button")).indexOf(document.activeElement);
      reacts.hidden = !message;
      reacts.replaceChildren(...(message ? [reactionButtons(message, mine, send, REACTIONS_SHOWN)] : []));
      if (before >= 0 && message) reacts.querySelectorAll("button")[before].focus();
    },
  );

  /** Only who shares sees seconds; the clock is silent. */
  function drawClock() {
    const { floor } = shown;
    const ms = floor.holder && holds(shown) ? leftForSharer(shown, now()) : Infinity;
    say(left, ms > 0 && ms < Infinity ? `${minutesAndSeconds(ms)} left` : "");
  }

  function tick() {
    drawClock();
    tellCues();
    if (!holds(shown)) {
      clearInterval(ticking);
      ticking = 0;
    }
  }

  function tellCues() {
    cues.look(shown, now()).forEach((sentence) => announce(sentence));
    clearTimeout(waiting);
    waiting = cues.waits() ? setTimeout(tellCues, PASSING_MS) : 0;
  }

  return {
    draw(room) {
      shown = room;
      section.classList.toggle("lit", holds(room));
      drawActs(room);
      const message = lastWords(room);
      drawReacts(message, (message && room.me.reactions[message.id]) || NONE);
      drawClock();
      tellCues();
      if (holds(room) && !ticking) ticking = setInterval(tick, SECOND_MS);
    },
  };
}
