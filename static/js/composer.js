/**
 * Where one writes: a field that grows, the button, and the sentence that says what is happening.
 *
 * `createComposer(parts, {post, typed, wrote, storage, isTouch, announce})`: `render({status, reads})` shows the state; it
 * never moves focus and never disables the field, so that words can be written at any time. While it is not one's turn the
 * field is a draft that stays in this tab; what was written so is only ever sent by a button, whole or its first part, and so
 * is what is too long.
 * `typed(text)` returns true when text alone was a command; `wrote()` hears of each change. `giveBack({text, topic})` puts words
 * back in front of what is there, `restore` does and goes there. `sendAnyway(text)` sends these first words of the field although
 * a nudge was read. `topic()` and `note(topic)` are about the content note, which goes with the next words. Enter sends, but on a
 * touch screen it breaks the line and the button sends; the setting swaps that.
 */
import { sentence } from "./direction.js";
import { make, say } from "./dom.js";
import { firstPart } from "./floor.js";
import { TOPICS } from "./sight.js";

const COUNT_FROM = 200;
const MESSAGE_CODE_POINTS = 2000;
const READING_CODE_POINTS = 10000;
const LABELS = { write: "Write to everyone", draft: "Prepare my share" };
const PLACEHOLDERS = { write: "Write to everyone", draft: "Prepare my share; only I see it" };
const KEPT = "Only on this device. It waits for your turn, and only you send it.";

/**
 * What Enter does: "send", "break" or "". Shift+Enter does the other thing, Ctrl or Cmd with Enter always sends. While a word
 * is being composed (IME) Enter belongs to the keyboard.
 */
export function enterMeans({ key, shiftKey, ctrlKey, metaKey, isComposing, keyCode }, enterSends) {
  if (key !== "Enter" || isComposing || keyCode === 229) return "";
  if (ctrlKey || metaKey) return "send";
  return enterSends === shiftKey ? "break" : "send";
}

/** How many more code points fit, negative when it is too many; `reads` is whether it may be a reading. */
export function roomFor(text, reads) {
  return (reads ? READING_CODE_POINTS : MESSAGE_CODE_POINTS) - Array.from(text.normalize("NFC").trim()).length;
}

/** Text the server accepts: lone surrogates and control characters (a paste can hold them) are left out. */
export function cleaned(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cs}]|(?![\n\t])\p{Cc}/gu, "")
    .trim();
}

/** Whether it is said aloud that a pause begins or ends: slow mode comes and goes with each message, and is only shown. */
function isLoud(...pauses) {
  return pauses.some((pause) => pause && pause !== "slow");
}

export function createComposer(parts, { post, typed, wrote, storage, isTouch, announce }) {
  const { form, label, field, send, part, count, note, status, setting } = parts;
  let now = { status: { sentence: "", canSend: true, field: "write", pause: "", until: 0 }, reads: false };

  /** Measured inside a form that keeps its height, so that what stands above does not move. */
  function fit() {
    form.style.minHeight = `${form.offsetHeight}px`;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
    form.style.minHeight = "";
  }

  function countText() {
    const left = roomFor(field.value, now.reads);
    if (left >= COUNT_FROM) return kind() === "draft" && field.value ? KEPT : "";
    return left >= 0 ? `${left} characters left` : `${-left} characters too many. Send it in parts, please.`;
  }

  function kind() {
    return now.status.field === "write" ? "write" : "draft";
  }

  function problem() {
    if (!now.status.canSend) return now.status.sentence;
    return roomFor(field.value, now.reads) < 0 ? countText() : "";
  }

  function isPrepared() {
    return storage.get("prepared", false);
  }

  function draw() {
    const [, first, rest] = /^(.*?[.]) ?(.*)$/s.exec(now.status.sentence) || [];
    const isTurn = kind() === "write";
    status.replaceChildren(make("b", {}, first || ""), ` ${sentence(rest || "")}`);
    form.hidden = now.status.field === "none" && !field.value && document.activeElement !== field;
    label.textContent = LABELS[kind()];
    field.placeholder = PLACEHOLDERS[kind()];
    say(count, form.hidden ? "" : countText());
    say(note, form.hidden ? "" : topic() ? `Content note: ${TOPICS[topic()]}` : "Content note");
    const whole = isPrepared() ? "Send all" : "Send";
    say(send, isTurn ? whole : "");
    const inParts = isTurn && now.status.canSend && (isPrepared() || roomFor(field.value, now.reads) < 0);
    say(part, inParts && firstPart(field.value, roomFor("", now.reads))[1] ? "Send the first part" : "");
    form.classList.toggle("in-parts", !part.hidden);
    send.setAttribute("aria-disabled", String(Boolean(problem())));
  }

  function changed() {
    storage.set("draft", field.value);
    storage.set("prepared", Boolean(field.value) && (isPrepared() || kind() === "draft") ? true : null);
    fit();
    draw();
  }

  function put(text) {
    field.value = text;
    changed();
  }

  function topic() {
    return storage.get("topic", "");
  }

  function setTopic(next) {
    storage.set("topic", next);
    draw();
  }

  /** The content note goes with all parts of what was prepared. */
  function sendWords(text, rest, more = {}) {
    post(text, { ...(topic() ? { topic: topic() } : {}), ...more });
    if (!rest) setTopic("");
    put(rest);
  }

  function giveBack({ text, topic: about }) {
    put(field.value ? `${text}\n${field.value}` : text);
    if (about) setTopic(about);
  }

  function submit() {
    const text = cleaned(field.value);
    if (typed(text)) put("");
    else if (problem()) announce(problem());
    else if (text) sendWords(text, "");
  }

  function sendPart() {
    const [first, rest] = firstPart(cleaned(field.value), roomFor("", now.reads));
    sendWords(first, rest);
    if (part.hidden) field.focus();
  }

  function onKey(event) {
    const meaning = enterMeans(event, setting.checked);
    const isCommand = (meaning === "send" || (meaning && kind() === "draft")) && typed(cleaned(field.value));
    if (isCommand) put("");
    else if (meaning === "send" && (event.ctrlKey || event.metaKey || !isPrepared())) submit();
    else return;
    event.preventDefault();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  for (const node of [send, part]) node.addEventListener("pointerdown", (event) => event.preventDefault());
  part.addEventListener("click", sendPart);
  field.addEventListener("blur", draw);
  field.addEventListener("keydown", onKey);
  field.addEventListener("input", () => {
    changed();
    wrote();
  });
  window.addEventListener("resize", fit);
  setting.addEventListener("change", () => storage.set("enter", setting.checked));
  setting.checked = storage.get("enter", !isTouch);
  field.value = storage.get("draft", "");

  return {
    fit,
    render(next) {
      const before = now.status;
      if (next.reads === now.reads && Object.keys(before).every((name) => before[name] === next.status[name])) return;
      if (next.status.pause !== before.pause && isLoud(next.status.pause, before.pause)) announce(next.status.sentence);
      now = next;
      if (kind() === "draft" && field.value) storage.set("prepared", true);
      draw();
    },
    giveBack,
    restore(item) {
      giveBack(item);
      field.focus();
    },
    sendAnyway(text) {
      const fault = problem();
      if (fault) announce(fault);
      else sendWords(text, field.value.slice(text.length).trim(), { anyway: true });
      return !fault;
    },
    words: () => cleaned(field.value),
    startsWith: (text) => field.value.startsWith(text),
    topic,
    note: setTopic,
  };
}
