/**
 * What is said to the person beside the talk: to screen readers, in the calm line above the bar, and when the connection is
 * lost. Focus is moved only when what had it goes.
 */
import { button, make } from "./dom.js";

const GATHER_MS = 400;
const PASSING_MS = 10000;
const PATIENCE_MS = 2000;

/**
 * Says brief things to screen readers, politely: what comes within a short while is said together.
 *
 * `createAnnouncer(region, later) -> announce(sentence, isLast)`; `region` has role="status". What is said last is said alone:
 * nothing that waited is said any more.
 */
export function createAnnouncer(region, later) {
  let waiting = [];

  function speak() {
    region.textContent = waiting.join(" ");
    waiting = [];
  }

  return (sentence, isLast = false) => {
    if (!waiting.length) later(speak, GATHER_MS);
    if (!waiting.length || isLast) region.textContent = "";
    if (isLast) waiting = [];
    if (!waiting.includes(sentence)) waiting.push(sentence);
  };
}

/**
 * The calm line. `hold(sentence)` stays until `hold("")`; `pass(sentence, action)` goes by itself, `action` is `{label,
 * run}`. What is held is seen first. It does not go while its action has the focus; when that goes all the same, `home` has it.
 */
export function createBanner(node, { announce, later, cancel, home }) {
  let held = "";
  let passing = null;
  let timer = null;

  function draw() {
    const shown = held ? { sentence: held } : passing;
    const hadFocus = node.contains(document.activeElement);
    node.replaceChildren();
    node.hidden = !shown;
    if (hadFocus) home.focus({ preventScroll: true });
    if (!shown) return;
    node.append(make("span", {}, shown.sentence));
    if (shown.action) node.append(" ", button(shown.action.label, () => act(shown.action), "plain"));
  }

  function act(action) {
    end();
    action.run();
  }

  function end() {
    cancel(timer);
    passing = null;
    draw();
  }

  function fade() {
    if (node.contains(document.activeElement)) timer = later(fade, PASSING_MS);
    else end();
  }

  return {
    /** Returns whether something was held before. */
    hold(sentence) {
      const before = held;
      held = sentence;
      if (held !== before) draw();
      if (held && held !== before) announce(held);
      return Boolean(before);
    },
    pass(sentence, action = null) {
      cancel(timer);
      timer = later(fade, PASSING_MS);
      passing = { sentence, action };
      announce(sentence);
      draw();
    },
  };
}

/**
 * Says that the connection is lost, but only when that lasts. `lost(sentence)` may be called again and again, `back()` ends
 * it. After 2 seconds, and every 2 seconds from then on, `tell(sentence)` is given the last sentence of the server, or "".
 */
export function createPatience({ later, cancel, tell }) {
  let timer = null;
  let words = "";

  function speak() {
    timer = later(speak, PATIENCE_MS);
    tell(words);
  }

  return {
    lost(sentence) {
      words = sentence || words;
      timer = timer || later(speak, PATIENCE_MS);
    },
    back() {
      cancel(timer);
      timer = null;
      words = "";
    },
  };
}
