/**
 * Leave at once: to a neutral site, with nothing of ours left in the browser but its history.
 *
 * `leaveNow(leaveUrl)` tells the page (a "leaving" event on window), wipes what we stored, empties the page and goes.
 * `installLeave(button, leaveUrl)`: the button, and Shift pressed three times, leave. Follows the GOV.UK "Exit this page" pattern.
 * `forget()` removes every stored entry of ours: all our keys start with `OURS`.
 */
export const OURS = "meeting:";
const PRESSES = 3;
const PATIENCE_MS = 5000;

export function forget() {
  for (const name of ["sessionStorage", "localStorage"]) {
    try {
      const store = window[name];
      Object.keys(store)
        .filter((key) => key.startsWith(OURS))
        .forEach((key) => store.removeItem(key));
    } catch (refused) {
      // A browser that refuses storage has stored nothing.
    }
  }
}

export function leaveNow(leaveUrl) {
  window.dispatchEvent(new Event("leaving"));
  forget();
  const cover = document.createElement("div");
  cover.className = "cover";
  cover.setAttribute("role", "status");
  cover.textContent = "Loading";
  document.title = "Loading";
  document.body.replaceChildren(cover);
  location.replace(leaveUrl);
}

function announcer() {
  const node = document.createElement("div");
  node.className = "spoken";
  node.setAttribute("role", "status");
  node.setAttribute("data-always", "");
  document.body.append(node);
  return (words) => {
    node.textContent = words;
  };
}

export function installLeave(button, leaveUrl) {
  const say = announcer();
  let pressed = 0;
  let alone = false;
  let timer = 0;

  function start() {
    clearTimeout(timer);
    pressed = 0;
  }

  function onShift() {
    clearTimeout(timer);
    pressed += 1;
    const more = PRESSES - pressed;
    if (!more) {
      leaveNow(leaveUrl);
      return;
    }
    say(`Leave now: press Shift ${more === 1 ? "once more" : `${more} more times`}.`);
    timer = setTimeout(() => {
      start();
      say("Leave now: cancelled.");
    }, PATIENCE_MS);
  }

  button.addEventListener("click", (event) => {
    event.preventDefault();
    leaveNow(leaveUrl);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift") {
      alone = true;
      return;
    }
    alone = false;
    start();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && alone) onShift();
  });
}
