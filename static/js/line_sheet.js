/**
 * The sheet of one private line: what is said there, and a field to say more. Words that could not be sent are kept.
 *
 * `createLineSheet(id, label, {lineNow, outbox, storage, announce, now, enterSends, acts, foot, onClose})` opens it and
 * gives `{draw(), close()}`. `lineNow(id)` is the line as it is, with its `sentence`; `acts(line)` are `[label, run]`, `foot`
 * are nodes below it.
 */
import { timeOf } from "./clock.js";
import { cleaned, enterMeans, roomFor } from "./composer.js";
import { button, make, say, setText } from "./dom.js";
import { createList } from "./list.js";
import { openSheet } from "./sheet.js";

const DRAFTS = "private";
const NOT_OPEN = "This line is not open at this moment. Your words stay here.";
const AT_END_PX = 40;

export function createLineSheet(id, label, tools) {
  const { lineNow, outbox, storage, announce, now, enterSends, acts, foot, onClose } = tools;
  const state = make("p", { class: "lead" });
  const log = make("div", { class: "words", role: "log", "aria-label": "What is said here" });
  const field = make("textarea", { id: "private-words", rows: 2, autocomplete: "off" });
  const send = make("button", { class: "primary" }, "Send");
  const error = make("p", { class: "error", role: "alert", hidden: true });
  const asked = make("label", { for: "private-words", class: "spoken" }, `Write here: ${label}`);
  const form = make("form", { class: "composer", submit: onSubmit }, asked, field, send);
  const row = make("div", { class: "row" });
  const element = make("div", { class: "stack", tabindex: -1 }, state, log, form, error, row, ...foot);
  let told = "";
  let shownActs = "";

  function createWord({ name, at }) {
    const head = make("div", { class: "by" }, make("b", {}, make("bdi", {}, name)), make("small", {}, at));
    return make("div", { class: "word" }, head, make("p", { class: "text", dir: "auto" }), make("div", { class: "row", "aria-live": "off" }));
  }

  function updateWord(node, { mine, text, item }) {
    const below = node.querySelector(".row");
    node.classList.toggle("mine", mine);
    setText(node.querySelector(".text"), text);
    below.hidden = !item;
    below.replaceChildren(...(item ? stateOf(item) : []));
  }

  function stateOf({ origin_id, state: how, sentence }) {
    if (how !== "refused") return [make("small", {}, "Sending")];
    return [
      make("small", {}, `Not sent. ${sentence}`),
      button("Try again", () => outbox.retry(origin_id)),
      button("Take back", () => put(`${outbox.takeBack(origin_id).text}\n${field.value}`.trim()), "plain"),
    ];
  }

  const list = createList(log, { create: createWord, update: updateWord });

  function put(text) {
    field.value = text;
    keep();
    field.focus();
  }

  function keep() {
    const { [id]: before, ...others } = storage.get(DRAFTS, {});
    const all = field.value ? { ...others, [id]: field.value } : others;
    storage.set(DRAFTS, Object.keys(all).length ? all : null);
    say(error, "");
  }

  function onSubmit(event) {
    event.preventDefault();
    const text = cleaned(field.value);
    const over = -roomFor(text, false);
    const fault = over > 0 ? `${over} characters too many. Send it in parts, please.` : lineNow(id).open ? "" : NOT_OPEN;
    say(error, fault);
    if (!text || fault) return;
    outbox.post(text, { line: id });
    put("");
  }

  function drawWords({ said }) {
    const sent = new Set(said.filter(({ mine }) => mine).map(({ origin_id }) => origin_id));
    const waiting = outbox.items().filter((item) => item.line === id && !sent.has(item.origin_id));
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < AT_END_PX;
    list([
      ...said.map(({ key, name, mine, at, text }) => ({ key, name, mine, text, at: timeOf(at, now()), item: null })),
      ...waiting.map((item) => ({ key: item.origin_id, name: "You", mine: true, text: item.text, at: "", item })),
    ]);
    log.tabIndex = log.firstChild ? 0 : -1;
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  function drawActs(line) {
    const found = acts(line);
    const labels = found.map(([words]) => words).join();
    if (labels === shownActs) return;
    const hadFocus = row.contains(document.activeElement);
    shownActs = labels;
    row.replaceChildren(...found.map(([words, run]) => button(words, run)));
    if (hadFocus) element.focus({ preventScroll: true });
  }

  function draw() {
    const line = lineNow(id);
    const { sentence } = line;
    say(state, sentence);
    if (told && told !== sentence) announce(sentence);
    told = sentence;
    drawWords(line);
    drawActs(line);
    form.hidden = !line.open && !field.value;
  }

  field.value = storage.get(DRAFTS, {})[id] || "";
  field.addEventListener("input", keep);
  field.addEventListener("keydown", (event) => {
    if (enterMeans(event, enterSends()) === "send") onSubmit(event);
  });
  const close = openSheet(element, { label, onClose });
  draw();
  announce(told);
  return { draw, close };
}
