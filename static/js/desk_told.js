/**
 * What was done, and its undo, while the desk lies over the banner, as on a phone.
 *
 * `createTold({announce, home})`: `element`; `tell(sentence, action)` shows it for a while, or until the next or `quieten()`;
 * `action` is `{label, run}`. It stays while it has the focus; when that goes with it, `home` has the focus.
 */
import { cancel, later } from "./browser.js";
import { button, make } from "./dom.js";

const SHOWN_MS = 20000;

export function createTold({ announce, home }) {
  const element = make("div", { class: "told", hidden: true });
  let timer = null;

  function pass() {
    if (element.contains(document.activeElement)) timer = later(pass, SHOWN_MS);
    else quieten();
  }

  function quieten() {
    cancel(timer);
    const hadFocus = element.contains(document.activeElement);
    element.hidden = true;
    element.replaceChildren();
    if (hadFocus) home.focus({ preventScroll: true });
  }

  function undoing({ label, run }) {
    return button(
      label,
      () => {
        quieten();
        run();
      },
      "plain",
    );
  }

  return {
    element,
    quieten,
    tell(sentence, action) {
      cancel(timer);
      timer = later(pass, SHOWN_MS);
      announce(sentence);
      element.replaceChildren(make("span", { class: "grow" }, sentence), ...(action ? [undoing(action)] : []));
      element.hidden = false;
    },
  };
}
