/**
 * The room's list of words: what is looked for, how, and what becomes of words in which it is found. What the server finds
 * wrong is said in the form, and nothing that was typed is lost.
 *
 * `createWordsEditor({send, notify, roomOf})`: the function it returns opens the sheet.
 */
import { button, freshId, make, say } from "./dom.js";
import { openSheet } from "./sheet.js";

const PATTERN = 100;
const AT_MOST = 100;
const KINDS = [
  ["literal", "These very words"],
  ["re2", "A pattern (RE2)"],
];
const VERDICTS = [
  ["nudge", "Ask the writer first"],
  ["hold", "Wait for a moderator"],
  ["reject", "Do not let it through"],
];

function select(label, values, chosen) {
  const id = freshId("words");
  const options = values.map(([value, words]) => make("option", { value, selected: value === chosen }, words));
  const node = make("select", { id }, ...options);
  return { node, element: make("div", { class: "field" }, make("label", { for: id }, label), node) };
}

export function createWordsEditor({ send, notify, roomOf }) {
  function createRow(remove, word = { pattern: "", kind: "literal", verdict: "hold" }) {
    const id = freshId("words");
    const plain = { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
    const pattern = make("input", { ...plain, id, maxlength: PATTERN, value: word.pattern });
    const kind = select("How to look", KINDS, word.kind);
    const verdict = select("What then", VERDICTS, word.verdict);
    const element = make(
      "li",
      { class: "case" },
      make("div", { class: "field" }, make("label", { for: id }, "Word or pattern"), pattern),
      kind.element,
      verdict.element,
      make("div", { class: "row" }, button("Take out", () => remove(row), "plain")),
    );
    const row = {
      element,
      pattern,
      value: () => ({ pattern: pattern.value.trim(), kind: kind.node.value, verdict: verdict.node.value }),
    };
    return row;
  }

  return () => {
    const list = make("ul", { class: "cases" });
    const error = make("p", { class: "error", role: "alert", hidden: true });
    const more = button("Another word", () => add().pattern.focus());
    let rows = [];

    function remove(row) {
      const place = rows.indexOf(row);
      rows = rows.filter((one) => one !== row);
      row.element.remove();
      more.hidden = rows.length >= AT_MOST;
      (rows.length ? rows[Math.min(place, rows.length - 1)].pattern : more).focus();
    }

    function add(word) {
      const row = createRow(remove, word);
      rows.push(row);
      list.append(row.element);
      more.hidden = rows.length >= AT_MOST;
      return row;
    }

    function keep(event) {
      event.preventDefault();
      const words = rows.map((row) => row.value()).filter(({ pattern }) => pattern);
      send({ do: "set_words", words }, (frame) => {
        say(error, frame.is === "refused" ? [frame.sentence, frame.detail].filter(Boolean).join(" ") : "");
        if (frame.is === "refused") return;
        close();
        notify("The list of words holds from now on.");
      });
    }

    roomOf().desk.words.forEach(add);
    if (!rows.length) add();
    const form = make(
      "form",
      { class: "stack", submit: keep },
      make("p", { class: "hint" }, "What is written from now on is looked at with this list. Only moderators see it."),
      list,
      more,
      error,
      make("div", { class: "row" }, make("button", { class: "primary" }, "Keep"), button("Not now", () => close(), "plain")),
    );
    const close = openSheet(form, { label: "The list of words" });
  };
}
