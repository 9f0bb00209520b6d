/**
 * The door: what this is, what one will be called, how people treat each other, and the way in.
 *
 * `createDoor({send, now, later, look})`: `render(door, wasIn)` takes a `door` frame; `tick()` keeps the words of the countdown
 * right; `look()` connects again at once. A name or passphrase that was typed is never lost. Where the server asks for a proof of work, it is found before one joins.
 */
import { duration, timeOf } from "./clock.js";
import { isolate } from "./direction.js";
import { make, say } from "./dom.js";
import { face } from "./faces.js";

const ROLES = { host: "You come in as host.", moderator: "You come in as moderator.", participant: "" };

const GO = { open: "I agree, come in", knock: "I agree, knock", declined: "Knock again" };

const NEXT = {
  open: "",
  knock: "They see the name you choose here.",
  knocking: "You can put it aside until then.",
  declined: "",
  removed: "This page opens by itself when a moderator has let you come back.",
  early: "This page opens by itself. You can put it aside until then.",
  locked: "You can wait here: this page opens by itself.",
  full: "You can wait here: this page opens by itself when a seat is free.",
};

const AWAY = "You were away for a while and your seat was given up. Please come in again; your words are kept.";
const SENT_BACK = "A moderator asked you back to the door. You can knock again. Your words are kept.";
const CLOSED_BY = { doors_closed: "early", locked: "locked", full: "full", removed: "removed" };
const CHECKING = "Many people are coming in. Checking that you are a person's browser: a few seconds.";
const ON_THE_WAY = "One moment. You come in as soon as the connection is back.";
const NOT_LOADED = "A part of this page did not load. Please try again.";

/** The elements of the template by their ids without "door-". */
function partsOfDoor() {
  const nodes = Array.from(document.querySelectorAll("[id^='door-']"));
  return Object.fromEntries(nodes.map((node) => [node.id.slice("door-".length), node]));
}

export function createDoor({ send, now, later, look }) {
  const parts = partsOfDoor();
  let door = null;
  let suggestions = [];
  let name = "";
  let busy = false;
  let provedSalt = "";
  let isWanted = false;

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
    if (door.door === "knock" && door.reason) return SENT_BACK;
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
    if (!busy && GO[door.door]) come();
  }

  function come() {
    setBusy(true);
    isWanted = false;
    say(parts.error, "");
    say(parts["name-error"], "");
    say(parts["passphrase-error"], "");
    if (door.work) work(door.work).then(ask, () => refuse(NOT_LOADED));
    else ask("");
  }

  function ask(found) {
    const nickname = parts.own.hidden ? name : parts["own-name"].value;
    const proof = found ? { work: found } : {};
    send({ do: "join", nickname, accept_rules: true, passphrase: parts.passphrase.value, ...proof }, joined);
  }

  function work({ salt, bits }) {
    provedSalt = salt;
    const tell = (part) => (parts.progress.value = part);
    return import("./proof.js").then(({ prove }) => prove({ salt, bits }, { now: Date.now, later, tell }));
  }

  function setBusy(isBusy) {
    busy = isBusy;
    parts.go.setAttribute("aria-disabled", String(busy));
    say(parts.checking, busy && door.work ? CHECKING : "");
    parts.progress.hidden = parts.checking.hidden;
    parts.progress.value = 0;
  }

  function refuse(sentence) {
    setBusy(false);
    say(parts.error, sentence);
  }

  /** A proof that came too late is found again, for what the server asks now; so is a way in without a connection. */
  function comeAgain() {
    const isFresh = isWanted && !busy && GO[door.door] && (!door.work || door.work.salt !== provedSalt);
    if (isFresh) come();
  }

  function joined(frame) {
    setBusy(false);
    if (frame.is !== "refused") return;
    if (frame.code === "work_needed") {
      isWanted = true;
      comeAgain();
    } else if (frame.code === "offline") {
      isWanted = true;
      say(parts.error, ON_THE_WAY);
      look();
    } else if (frame.code.startsWith("name_")) refuseName(frame);
    else if (frame.code === "passphrase_wrong") {
      say(parts["passphrase-error"], frame.sentence);
      parts.passphrase.focus();
    } else if (CLOSED_BY[frame.code]) render({ ...door, door: CLOSED_BY[frame.code], sentence: frame.sentence, reason: frame.detail });
    else say(parts.error, waitSentence(frame));
  }

  function waitSentence({ code, sentence, retry_after_seconds: seconds }) {
    const isKnock = code === "slow_down" && seconds && door.door !== "open";
    return isKnock ? `Please wait about ${Math.ceil(seconds)} seconds, then knock again.` : sentence;
  }

  function refuseName({ code, sentence, detail }) {
    const why = [sentence, detail].filter(Boolean).join(" ");
    if (parts.own.hidden) {
      another();
      say(parts.error, code === "name_taken" ? "This name is taken. Here is another." : why);
      return;
    }
    say(parts["name-error"], why);
    parts["own-name"].focus();
  }

  function render(next, wasIn) {
    const first = !door;
    const before = document.activeElement;
    door = next;
    if (wasIn && !door.reason) say(parts.error, AWAY);
    const open = Boolean(GO[door.door]);
    parts.title.textContent = door.title;
    say(parts.welcome, door.welcome);
    say(parts.role, ROLES[door.role]);
    parts.rules.replaceChildren(...door.rules.map((rule) => make("li", { dir: "auto" }, rule)));
    parts["rules-card"].hidden = !door.rules.length;
    parts["name-card"].hidden = parts.go.hidden = !open;
    parts["passphrase-card"].hidden = !open || !door.passphrase;
    parts.go.textContent = GO[door.door] || "";
    parts.waiting.hidden = door.door === "open";
    parts.stop.hidden = door.door !== "knocking";
    say(parts.reason, door.reason && `The reason: ${isolate(door.reason)}`);
    say(parts.appeal, door.appeal && `How to reach the people of this meeting: ${isolate(door.appeal)}`);
    tick();
    comeAgain();
    if (!first && !before.getClientRects().length && !parts.waiting.hidden) parts.waiting.focus({ preventScroll: true });
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
  parts.stop.addEventListener("click", () => send({ do: "leave" }));
  parts.form.addEventListener("submit", join);
  return { render, tick };
}
