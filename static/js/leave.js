/**
 * Leave at once: to a neutral site, with nothing of ours left in the browser but its history.
 *
 * `leaveNow(leaveUrl)` tells the page (a "leaving" event on window), erases what we stored, covers the page, and goes; again,
 * it only goes.
 * `installLeave()`: the links of the header, and Shift pressed three times by itself, leave. Follows the GOV.UK "Exit this page"
 * component: every press is told to screen readers and shown on the button, and so is that time ran out. Other tabs with a
 * page of ours leave as well.
 */
import { eraseAll, onErased } from "./storage.js";

const PRESSES = 3;
const PATIENCE_MS = 5000;
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
  let pressed = 0;
  let alone = false;
  let timer = 0;

  function count(presses, words) {
    clearTimeout(timer);
    pressed = presses;
    show(presses);
    say(words);
    if (words) timer = setTimeout(() => count(0, presses ? "Leave now: time is up. Nothing happened." : ""), PATIENCE_MS);
  }

  function onShift() {
    const more = PRESSES - pressed - 1;
    if (more) count(pressed + 1, `Leave now: press Shift ${more === 1 ? "once more" : `${more} more times`}.`);
    else leaveNow(leaveUrl);
  }

  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leaveNow(leaveUrl);
    });
  }
  onErased(() => leaveNow(leaveUrl));
  const onKeyDown = ({ key }) => {
    alone = key === "Shift";
    if (!alone && pressed) count(0, "Leave now: stopped.");
  };
  document.addEventListener("keydown", onKeyDown, true);
  document.addEventListener("keyup", ({ key }) => key === "Shift" && alone && onShift(), true);
}
