/**
 * Help, one tap away on every page.
 *
 * `installHelp(link)`: in place of the link, which leads to the help lines of the first page without a script, stands a button. It
 * opens the sheet made from `<template id="help">`, with the lines of help.js. These are loaded quietly as soon as the page is
 * idle, so that they are there without a connection too. `offerSupport(supportNow)`: `supportNow()` gives what the sheet's
 * button for support runs, or null where there is nobody to ask.
 */
import { make } from "./dom.js";
import { openSheet } from "./sheet.js";

const IDLE_MS = 1000;
export const MISSING =
  "The help lines could not be loaded. In the European Union 112 reaches help, in North America 911. " +
  "When you are connected again, open this once more.";

function loadQuietly() {
  import("./help.js").then(({ loadHelp }) => loadHelp()).catch(() => {});
}

function loadSoon() {
  const idle = window.requestIdleCallback || ((action) => setTimeout(action, IDLE_MS));
  const begin = () => idle(loadQuietly);
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
  window.addEventListener("online", loadQuietly);
}

function openHelp(run, onClose) {
  const content = make("div", { class: "stack" }, document.getElementById("help").content.cloneNode(true));
  const place = content.querySelector("[data-help-lines]");
  import("./help.js").then(
    ({ helpLines }) => place.replaceWith(helpLines()),
    () => place.append(MISSING),
  );
  const close = openSheet(content, { label: "Help", onClose, stays: true });
  content.querySelectorAll(".ask").forEach((ask) => {
    ask.hidden = !run;
    ask.querySelector("button").addEventListener("click", () => {
      close();
      run();
    });
  });
  return close;
}

let supportNow = () => null;

export function offerSupport(find) {
  supportNow = find;
}

export function installHelp(link) {
  let close = null;
  const hadFocus = link === document.activeElement;
  const onClick = () => {
    if (close) close();
    else {
      close = openHelp(supportNow(), () => {
        close = null;
      });
    }
  };
  const button = make("button", { type: "button", class: "plain", id: "help-button", click: onClick }, "Help");
  link.replaceWith(button);
  if (hadFocus) button.focus();
  loadSoon();
}
