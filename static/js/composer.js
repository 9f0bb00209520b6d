/**
 * Where one writes: a field that grows, the button, and the sentence that says what is happening.
 *
 * `createComposer(parts, {post, storage, isTouch, announce})`: `render({status, role})` shows the state; it never moves focus
 * and never disables the field, so that words can be written at any time. `restore(text)` puts words back in front of what is
 * there. Enter sends, but on a touch screen it breaks the line and the button sends; the setting swaps that.
 */
import { make, say } from "./dom.js";

const COUNT_FROM = 200;
const MESSAGE_CODE_POINTS = 2000;
const READING_CODE_POINTS = 10000;

/**
 * What Enter does: "send", "break" or "". Shift+Enter does the other thing, Ctrl or Cmd with Enter always sends. While a word
 * is being composed (IME) Enter belongs to the keyboard.
 */
export function enterMeans({ key, shiftKey, ctrlKey, metaKey, isComposing, keyCode }, enterSends) {
  if (key !== "Enter" || isComposing || keyCode === 229) return "";
  if (ctrlKey || metaKey) return "send";
  return enterSends === shiftKey ? "break" : "send";
}

/** How many more code points fit, negative when it is too many. */
export function roomFor(text, role) {
  return (role === "host" ? READING_CODE_POINTS : MESSAGE_CODE_POINTS) - Array.from(text.normalize("NFC").trim()).length;
}

/** Text the server accepts: lone surrogates and control characters (a paste can hold them) are left out. */
export function cleaned(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cs}]|(?![\n\t])\p{Cc}/gu, "")
    .trim();
}

export function createComposer({ form, field, send, count, status, setting }, { post, storage, isTouch, announce }) {
  let now = { status: { sentence: "", canSend: true }, role: "participant" };

  function fit() {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  }

  function countText() {
    const left = roomFor(field.value, now.role);
    if (left >= COUNT_FROM) return "";
    return left >= 0 ? `${left} characters left` : `${-left} characters too many. Send it in parts, please.`;
  }

  function problem() {
    if (!now.status.canSend) return now.status.sentence;
    return roomFor(field.value, now.role) < 0 ? countText() : "";
  }

  function draw() {
    const [, first, rest] = /^(.*?[.]) ?(.*)$/s.exec(now.status.sentence) || [];
    status.replaceChildren(make("b", {}, first || ""), ` ${rest || ""}`);
    say(count, countText());
    send.setAttribute("aria-disabled", String(Boolean(problem())));
  }

  function changed() {
    storage.set("draft", field.value);
    fit();
    draw();
  }

  function submit() {
    const text = cleaned(field.value);
    if (problem()) announce(problem());
    else if (text) {
      post(text);
      field.value = "";
      changed();
    }
  }

  function onKey(event) {
    if (enterMeans(event, setting.checked) !== "send") return;
    event.preventDefault();
    submit();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  send.addEventListener("pointerdown", (event) => event.preventDefault());
  field.addEventListener("keydown", onKey);
  field.addEventListener("input", changed);
  window.addEventListener("resize", fit);
  setting.addEventListener("change", () => storage.set("enter", setting.checked));
  setting.checked = storage.get("enter", !isTouch);
  field.value = storage.get("draft", "");

  return {
    fit,
    render(next) {
      if (next.role === now.role && next.status.sentence === now.status.sentence) return;
      if (next.status.canSend !== now.status.canSend) announce(next.status.sentence);
      now = next;
      draw();
    },
    restore(text) {
      field.value = field.value ? `${text}\n${field.value}` : text;
      changed();
      field.focus();
    },
  };
}
