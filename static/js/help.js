/**
 * Help, one tap away on every page.
 *
 * `installHelp(button, supportNow)`: the button opens the sheet made from `<template id="help">`; it works without a connection.
 * `supportNow()` gives what the sheet's button for support runs, or null where there is nobody to ask.
 * `ownCountryFirst(root)`: opens the help lines of the country that the browser's language names, and puts it first.
 */
import { openSheet } from "./sheet.js";

function ownCountry() {
  const region = (/-([A-Z]{2})\b/.exec(navigator.language || "") || [])[1];
  if (!region || !Intl.DisplayNames) return "";
  return new Intl.DisplayNames(["en"], { type: "region" }).of(region);
}

export function ownCountryFirst(root) {
  const country = ownCountry();
  const own = Array.from(root.querySelectorAll("details")).find((node) => node.dataset.country === country);
  if (!own) return;
  own.open = true;
  own.parentNode.prepend(own);
}

export function installHelp(button, supportNow = () => null) {
  let close = null;
  button.addEventListener("click", () => {
    if (close) {
      close();
      return;
    }
    const content = document.createElement("div");
    content.className = "stack";
    content.append(document.getElementById("help").content.cloneNode(true));
    ownCountryFirst(content);
    const run = supportNow();
    content.querySelectorAll(".ask").forEach((ask) => {
      ask.hidden = !run;
      ask.querySelector("button").addEventListener("click", () => {
        close();
        run();
      });
    });
    close = openSheet(content, {
      label: "Help",
      onClose: () => {
        close = null;
      },
    });
  });
}
