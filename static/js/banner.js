/**
 * The calm line above the bar.
 *
 * `createBanner(node, {announce, later, cancel})`: `hold(sentence)` stays until `hold("")`; `pass(sentence, action)` goes by
 * itself, `action` is `{label, run}`. What is held is seen first. Sentences are also announced; focus is never moved.
 */
import { button, make } from "./dom.js";

const PASSING_MS = 10000;

export function createBanner(node, { announce, later, cancel }) {
  let held = "";
  let passing = null;
  let timer = null;

  function draw() {
    const shown = held ? { sentence: held } : passing;
    node.replaceChildren();
    node.hidden = !shown;
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
      timer = later(end, PASSING_MS);
      passing = { sentence, action };
      announce(sentence);
      draw();
    },
  };
}
