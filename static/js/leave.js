/**
 * Leave at once: to a neutral site, with nothing of ours left in the browser but its history.
 *
 * `leaveNow(leaveUrl)` tells the page (a "leaving" event on window), erases what we stored, covers the page, and goes; again,
 * it only goes.
 * `installLeave()`: the links of the header, and Shift as lone_shift.js counts it, leave. Every press is shown on the button; that
 * one more is enough, and that it came to nothing, is told to screen readers as well. The first is not: with some of them one
 * moves by Shift and a letter, of which a page sees Shift alone. Other tabs with a page of ours leave as well.
 */
import { createLoneShift, HEARD, PRESSES } from "./lone_shift.js";
import { eraseAll, onErased } from "./storage.js";

const SAID_MS = 5000;
let isCovered = false;

function coverPage() {
  isCovered = true;
  window.dispatchEvent(new Event("leaving"));
  eraseAll();
  document.title = "Loading";
  document.documentElement.removeAttribute("class");
  const cover = document.createElement("div");
  cover.className = "cover";
  cover.setAttribute("role", "alert");
  document.body.className = "";
  document.body.replaceChildren(cover);
  cover.textContent = "Loading";
}

export function leaveNow(leaveUrl) {
  if (!isCovered) coverPage();
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

function pressesOn(link) {
  const node = document.createElement("span");
  node.setAttribute("aria-hidden", "true");
  return (count) => {
    node.textContent = "●".repeat(count) + "○".repeat(PRESSES - count);
    if (count) link.append(node);
    else node.remove();
  };
}

export function installLeave() {
  const { leaveUrl } = document.body.dataset;
  const links = ["leave-button", "leave-first"].map((id) => document.getElementById(id));
  const say = announcer();
  const show = pressesOn(links[0]);
  let timer = 0;

  function wait(action, ms) {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  }

  function stop(words) {
    show(0);
    say(words);
    wait(() => say(""), SAID_MS);
  }

  function fade(before) {
    const left = shift.forget(performance.now());
    if (left) draw(left);
    else stop(before > 1 ? "Leave now: time is up. Nothing happened." : "");
  }

  function draw(count) {
    show(count);
    say(count > 1 ? "Leave now: press Shift once more." : "");
    wait(() => fade(count), shift.windowEnds(performance.now()));
  }

  const shift = createLoneShift({
    onPress: draw,
    onStop: (count) => stop(count > 1 ? "Leave now: stopped." : ""),
    onLeave: () => leaveNow(leaveUrl),
  });
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leaveNow(leaveUrl);
    });
  }
  onErased(() => leaveNow(leaveUrl));
  HEARD.forEach((name) => window.addEventListener(name, shift.take, { capture: true, passive: true }));
}
