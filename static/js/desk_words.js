/**
 * The room's list of words: what is looked for, how, and what becomes of words in which it is found. What the server finds
 * wrong is said in the form, and nothing that was typed is lost. The list can be kept in a file for the next meeting; a file
 * adds to what stands in the form.
 *
 * `createWordsEditor({send, notify, roomOf})`: the function it returns opens the sheet.
 */
import { button, freshId, make, say } from "./dom.js";
import { bytesOf, saveFile } from "./files.js";
import { openSheet } from "./sheet.js";
import { FILE_BYTES_AT_MOST, PATTERN_AT_MOST, readWords, WORDS_AT_MOST, writeWords } from "./word_file.js";

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
    const pattern = make("input", { ...plain, id, maxlength: PATTERN_AT_MOST, value: word.pattern });
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
    const told = make("p", { class: "hint", role: "status", hidden: true });
    const file = make("input", {
      ...{ type: "file", accept: ".json,application/json", class: "spoken", tabindex: "-1", "aria-label": "A file of words" },
      change: load,
    });
    let rows = [];

    function drop(row) {
      rows = rows.filter((one) => one !== row);
      row.element.remove();
      more.hidden = rows.length >= WORDS_AT_MOST;
    }

    function remove(row) {
      const place = rows.indexOf(row);
      drop(row);
      (rows.length ? rows[Math.min(place, rows.length - 1)].pattern : more).focus();
    }

    function add(word) {
      const row = createRow(remove, word);
      rows.push(row);
      list.append(row.element);
      more.hidden = rows.length >= WORDS_AT_MOST;
      return row;
    }

    function typed() {
      return rows.map((row) => row.value()).filter(({ pattern }) => pattern);
    }

    async function load() {
      const [chosen] = file.files;
      file.value = "";
      if (!chosen) return;
      const { words, problems } = readWords(await bytesOf(chosen, FILE_BYTES_AT_MOST));
      const known = new Set(typed().map(({ pattern, kind }) => `${kind} ${pattern}`));
      const added = (words || []).filter(({ pattern, kind }) => !known.has(`${kind} ${pattern.trim()}`));
      if (words && known.size + added.length > WORDS_AT_MOST) {
        problems.push(`With these there would be ${known.size + added.length}; at most ${WORDS_AT_MOST} are possible.`);
      }
      say(told, "");
      say(error, problems.length ? ["The file was not taken; what is here is as it was.", ...problems].join(" ") : "");
      if (problems.length) return;
      rows.filter((row) => !row.value().pattern).forEach(drop);
      added.forEach(add);
      say(told, `${added.length} new from the file. They hold when you press Keep.`);
    }

    function keep(event) {
      event.preventDefault();
      const words = typed();
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
      make(
        "div",
        { class: "row" },
        button("Save to a file", () => saveFile("room-words.json", writeWords(typed())), "plain"),
        button("Load a file", () => file.click(), "plain"),
        file,
      ),
      told,
      error,
      make("div", { class: "row" }, make("button", { class: "primary" }, "Keep"), button("Not now", () => close(), "plain")),
    );
    const close = openSheet(form, { label: "The list of words" });
  };
}
