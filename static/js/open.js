/** The form that opens a room: checks what was typed, asks the server, shows the links. Nothing typed is ever lost. */
import { createClock } from "./clock.js";
import { setText } from "./dom.js";
import { createCourse } from "./open_course.js";
import { showLinks } from "./opened.js";

const DOORS_BEFORE_MS = 15 * 60 * 1000;
const form = document.getElementById("open");
const button = form.querySelector(".go");
const buttonWords = button.textContent;
const fields = form.elements;
const course = createCourse(form);
const serverTime = createClock(Date.now, () => performance.now());

const lengthOf = (text) => Array.from(text.normalize("NFC").trim()).length;
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const wholeNumber = (text) => (/^\s*\d{1,4}\s*$/.test(text) ? Number(text) : NaN);
const clock = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const within = (number, least, most) => number >= least && number <= most;

/** The next moment at which it is the chosen time where the person is, or null. */
function chosenStart() {
  const parts = /^(\d{1,2}):(\d{2})/.exec(fields.time.value);
  if (!parts) return null;
  const date = new Date(serverTime.now());
  date.setHours(Number(parts[1]), Number(parts[2]), 0, 0);
  if (date.getTime() <= serverTime.now()) date.setDate(date.getDate() + 1);
  return date;
}

/** The clock of this device may be hours wrong, and a meeting begins by the server's. */
async function askTheTime() {
  const answer = await fetch("healthz", { cache: "no-store" });
  const now = Date.parse(answer.headers.get("Date"));
  if (now) serverTime.set(now);
  followChoices();
}

function minutes() {
  return fields.duration.value === "other" ? wholeNumber(fields.minutes.value) : Number(fields.duration.value);
}

function rulesProblem() {
  const rules = lines(fields.rules.value);
  if (rules.length > 20) return `These are ${rules.length} rules. At most 20, please: people read them before they come in.`;
  const long = rules.findIndex((rule) => lengthOf(rule) > 300);
  return long < 0 ? "" : `Rule ${long + 1} is too long: at most 300 characters, please.`;
}

/** Each field with its sentence when something is not right with it, in the order of the page. */
const CHECKS = {
  title: () => {
    if (!fields.title.value.trim()) return "Please give the meeting a name.";
    return lengthOf(fields.title.value) > 80 ? "This is too long: at most 80 characters, please." : "";
  },
  welcome: () => (lengthOf(fields.welcome.value) > 2000 ? "This is too long: at most 2,000 characters, please." : ""),
  time: () => (fields.when.value === "later" && !chosenStart() ? "Please choose a time, such as 19:30." : ""),
  minutes: () => (within(minutes(), 15, 180) ? "" : "A number from 15 to 180, please."),
  rules: rulesProblem,
  appeal: () => (lengthOf(fields.appeal.value) > 300 ? "This is too long: at most 300 characters, please." : ""),
  passphrase: () => (lengthOf(fields.passphrase.value) > 128 ? "This is too long: at most 128 characters, please." : ""),
  capacity: () => (within(wholeNumber(fields.capacity.value), 2, 1000) ? "" : "A number from 2 to 1000, please."),
  opening: () => (fields.opening && !fields.opening.value ? "This site asks for a passphrase to open a room." : ""),
};
const FIELD_OF_REFUSAL = { title_empty: "title", start_out_of_range: "time", opening_passphrase_wrong: "opening" };

function showError(name, sentence) {
  const error = document.getElementById(`${name}-error`);
  if (!error) return;
  error.textContent = sentence;
  error.hidden = !sentence;
  if (fields[name]) fields[name].setAttribute("aria-invalid", String(Boolean(sentence)));
}

function focusOn(name) {
  const target = fields[name] || document.getElementById(`${name}-error`);
  if (document.getElementById("choices").contains(target)) document.getElementById("choices").open = true;
  target.focus();
}

/** Whether everything is right; if not, the first wrong field has the focus. */
function check() {
  showError("form", "");
  const wrong = Object.keys(CHECKS).filter((name) => {
    const sentence = CHECKS[name]();
    showError(name, sentence);
    return sentence;
  });
  if (wrong.length) focusOn(wrong[0]);
  return !wrong.length && course.check();
}

function wish() {
  return {
    title: fields.title.value,
    welcome: fields.welcome.value,
    rules: lines(fields.rules.value),
    starts_at: fields.when.value === "later" ? chosenStart().getTime() : null,
    minutes: minutes(),
    capacity: wholeNumber(fields.capacity.value),
    passphrase: fields.passphrase.value,
    late_joiners: fields.late.value,
    appeal: fields.appeal.value,
    needs_moderator: fields.attended.checked,
    ...course.wish(),
    opening_passphrase: fields.opening ? fields.opening.value : "",
    page: new URL("r", location.href).href,
  };
}

async function showRefusal(refusal) {
  if (refusal.code === "script_wrong" && (await course.tell(refusal.detail.split("\n")))) return;
  const wait = Math.ceil(refusal.retry_after_seconds || 0);
  const again = wait && !refusal.sentence.includes("try again") ? `Please try again in ${wait} seconds.` : "";
  const sentence = [refusal.sentence, refusal.detail, again].filter(Boolean).join(" ");
  const name = FIELD_OF_REFUSAL[refusal.code];
  const known = name && fields[name] ? name : "form";
  showError(known, sentence);
  focusOn(known);
}

async function ask() {
  const unreachable = { sentence: "The server did not answer. Nothing you typed is lost. Please try again in a moment." };
  try {
    const answer = await fetch("api/rooms", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wish()),
    });
    const body = await answer.json();
    if (answer.status === 201) return { room: body };
    return { refusal: body.sentence ? body : unreachable };
  } catch (failed) {
    return { refusal: unreachable };
  }
}

async function submit() {
  button.disabled = true;
  button.textContent = "Opening";
  const { room, refusal } = await ask();
  button.disabled = false;
  button.textContent = buttonWords;
  if (refusal) {
    showRefusal(refusal);
    return;
  }
  form.remove();
  showLinks(room, new URL("r", location.href).href);
}

function followChoices() {
  const later = fields.when.value === "later";
  document.getElementById("time-part").hidden = !later;
  document.getElementById("minutes-part").hidden = fields.duration.value !== "other";
  const start = later ? chosenStart() : null;
  let words = later ? "" : "People can come in as soon as the room is open.";
  if (start) {
    const day = start.getDate() === new Date(serverTime.now()).getDate() ? "today" : "tomorrow";
    words = `That is ${day} at ${clock(start)}. The doors open at ${clock(new Date(start.getTime() - DOORS_BEFORE_MS))}.`;
  }
  const says = document.getElementById("time-says");
  setText(says, words);
}

/** A text area as high as its text. */
function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}

document.getElementById("not-loaded").remove();
form.addEventListener("change", followChoices);
form.addEventListener("input", (event) => {
  if (event.target.tagName === "TEXTAREA") grow(event.target);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (check() && !button.disabled) submit();
});
followChoices();
askTheTime().catch(() => {});
grow(fields.welcome);
grow(fields.rules);
button.disabled = false;
