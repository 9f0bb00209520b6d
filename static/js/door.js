/**
 * The door: what this is, what one will be called, how people treat each other, and the way in.
 *
 * `createDoor({send, now})`: `render(door, wasIn)` takes a `door` frame; `tick()` keeps the words of the countdown right. A
 * name or passphrase that was typed is never lost.
 */
import { duration, timeOf } from "./clock.js";
import { make, say } from "./dom.js";
import { face } from "./faces.js";

const ROLES = { host: "You come in as host.", moderator: "You come in as moderator.", participant: "" };

const NEXT = {
  open: "",
  early: "This page opens by itself. You can put it aside until then.",
  locked: "You can wait here: this page opens by itself.",
  full: "You can wait here: this page opens by itself when a seat is free.",
  ask_host: "The person who invited you can reach the host. This page opens by itself when the host has let you in.",
};

const AWAY = "You were away for a while and your seat was given up. Please come in again; your words are kept.";
const CLOSED_BY = { doors_closed: "early", locked: "locked", full: "full", ask_host: "ask_host" };

/** The elements of the template by their ids without "door-". */
function partsOfDoor() {
  const nodes = Array.from(document.querySelectorAll("[id^='door-']"));
  return Object.fromEntries(nodes.map((node) => [node.id.slice("door-".length), node]));
}

export function createDoor({ send, now }) {
  const parts = partsOfDoor();
  let door = null;
  let suggestions = [];
  let name = "";
  let busy = false;

  function showName(next) {
    name = next;
    parts.name.textContent = name;
    parts.face.replaceChildren(face(name));
  }

  function another() {
    if (suggestions.length) showName(suggestions.shift());
    else send({ do: "suggest" }, takeSuggestions);
  }

  function takeSuggestions(frame) {
    if (frame.is === "refused") say(parts.error, frame.sentence);
    else {
      suggestions = frame.suggestions.slice();
      if (suggestions.length) showName(suggestions.shift());
    }
  }

  function chooseOwn(isOwn) {
    parts.own.hidden = !isOwn;
    parts.suggested.hidden = isOwn;
  }

  function timesText() {
    const at = (time) => timeOf(time, now());
    const past = door.starts_at <= now();
    return `${past ? "It started" : "It starts"} at ${at(door.starts_at)} and ends at ${at(door.ends_at)}, your time.`;
  }

  function waitText() {
    if (door.door !== "early") return door.sentence;
    return `The doors open at ${timeOf(door.doors_at, now())}, your time. That is in`;
  }

  function tick() {
    if (!door) return;
    say(parts.times, timesText());
    say(parts.wait, waitText());
    const early = door.door === "early";
    say(parts.countdown, early ? duration(door.doors_at - now()) : "");
    say(parts.next, NEXT[door.door]);
  }

  function join(event) {
    event.preventDefault();
    if (busy || door.door !== "open") return;
    busy = true;
    say(parts.error, "");
    say(parts["name-error"], "");
    say(parts["passphrase-error"], "");
    const nickname = parts.own.hidden ? name : parts["own-name"].value;
    send({ do: "join", nickname, accept_rules: true, passphrase: parts.passphrase.value }, joined);
  }

  function joined(frame) {
    busy = false;
    if (frame.is !== "refused") return;
    if (frame.code.startsWith("name_")) refuseName(frame);
    else if (frame.code === "passphrase_wrong") {
      say(parts["passphrase-error"], frame.sentence);
      parts.passphrase.focus();
    } else if (CLOSED_BY[frame.code]) render({ ...door, door: CLOSED_BY[frame.code], sentence: frame.sentence });
    else say(parts.error, frame.sentence);
  }

  function refuseName({ code, sentence }) {
    if (parts.own.hidden) {
      another();
      say(parts.error, code === "name_taken" ? "Someone has just taken this name. Here is another." : sentence);
      return;
    }
    say(parts["name-error"], sentence);
    parts["own-name"].focus();
  }

  function render(next, wasIn) {
    const first = !door;
    if (wasIn) say(parts.error, AWAY);
    door = next;
    const open = door.door === "open";
    parts.title.textContent = door.title;
    say(parts.welcome, door.welcome);
    say(parts.role, ROLES[door.role]);
    parts.rules.replaceChildren(...door.rules.map((rule) => make("li", {}, rule)));
    parts["rules-card"].hidden = !door.rules.length;
    parts["name-card"].hidden = parts.go.hidden = !open;
    parts["passphrase-card"].hidden = !open || !door.passphrase;
    parts.waiting.hidden = open;
    tick();
    if (first || !name) {
      suggestions = door.suggestions.slice();
      another();
    }
  }

  parts.another.addEventListener("click", another);
  parts["choose-own"].addEventListener("click", () => {
    chooseOwn(true);
    parts["own-name"].focus();
  });
  parts["choose-suggested"].addEventListener("click", () => chooseOwn(false));
  parts.form.addEventListener("submit", join);
  return { render, tick };
}
