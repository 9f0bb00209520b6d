/**
 * Where a script is written: its phases in order, each with its fields, and the file it is kept in.
 *
 * `createScriptEditor({announce, meta, onLoad, onChange})` gives `{element, phases(), set(phases, now), at(index), tell(problems),
 * check()}`. `meta()` gives title, minutes and fellowship for the file; `onLoad(script)` hears of a file that was loaded. `now` is
 * the index of the phase that goes on, -1 for none: it can be moved, not removed. `at(index)` is where the phase that had this
 * index stands by now, -1 when it is gone. `check()` shows what is wrong, moves the focus there and says whether all is well.
 */
import { button, freshId, make, setText } from "./dom.js";
import { bytesOf, saveFile } from "./files.js";
import { createList } from "./list.js";
import { CHOICES, emptyPhase, FILE_BYTES_AT_MOST, faultsOf, minutesOf, PHASES_AT_MOST, problemsOf, readScript, writeScript } from "./script.js";

const LABELS = {
  title: "What is this part called?",
  mode: "Who can write?",
  crosstalk: "What may others say to it?",
  minutes: "Minutes (0 for as long as it takes)",
  kind: "What else happens?",
  text: "A text that is posted when this part begins (if you like)",
  cue: "A note for the host, seen by those who lead (if you like)",
};

function select(name) {
  return make("select", {}, ...Object.entries(CHOICES[name]).map(([value, words]) => make("option", { value }, words)));
}

const CONTROLS = {
  title: () => make("input", { type: "text", autocomplete: "off" }),
  mode: () => select("mode"),
  crosstalk: () => select("crosstalk"),
  minutes: () => make("input", { type: "text", inputmode: "numeric", autocomplete: "off", class: "short" }),
  kind: () => select("kind"),
  text: () => make("textarea", { rows: "5" }),
  cue: () => make("textarea", { rows: "2" }),
};

function valueOf(name, text) {
  if (name !== "minutes") return text;
  return /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : NaN;
}

function summaryOf({ phase, number, isNow }) {
  const long = phase.minutes > 0 ? `, ${phase.minutes} min` : "";
  return `${number}. ${phase.title || "Without a name"}${isNow ? " (now)" : ""}: ${CHOICES.mode[phase.mode].toLowerCase()}${long}`;
}

export function createScriptEditor({ announce, meta, onLoad = () => {}, onChange = () => {} }) {
  let rows = [];
  let numbered = 0;
  let removed = null;

  const list = make("ol", { class: "phases" });
  const total = make("p", { class: "hint", role: "status" });
  const faults = make("div", { class: "error", role: "alert", tabindex: "-1", hidden: true });
  const undo = button("Bring it back", bringBack, "plain");
  const file = make("input", { type: "file", accept: ".json,application/json", class: "spoken", tabindex: "-1", "aria-label": "A script's file" });

  function rowOf(phase, origin = -1, isNow = false) {
    numbered += 1;
    return { key: numbered, phase: { ...phase }, origin, isNow };
  }

  function field(node, row, name) {
    const id = freshId(name);
    const control = CONTROLS[name]();
    control.id = id;
    control.dataset.field = name;
    control.value = Number.isNaN(row.phase[name]) ? "" : String(row.phase[name]);
    control.setAttribute("aria-describedby", `${id}-error`);
    control.addEventListener("input", () => change(node, row.key, name, control.value));
    control.addEventListener("change", () => change(node, row.key, name, control.value));
    const error = make("p", { class: "error", id: `${id}-error`, hidden: true });
    return make("div", { class: "field" }, make("label", { for: id }, LABELS[name]), error, control);
  }

  function createRow(row) {
    const node = make("li", {});
    const details = make("details", {}, make("summary", {}));
    details.addEventListener("toggle", () => {
      if (details.open && !node.querySelector(".stack")) fill(node, details, row.key);
    });
    node.append(details);
    return node;
  }

  /** The fields are made when a phase is opened for the first time: a script may have forty. */
  function fill(node, details, key) {
    const row = rows.find((one) => one.key === key);
    const acts = make(
      "div",
      { class: "row" },
      button("Up", () => move(key, -1)),
      button("Down", () => move(key, 1)),
      button("New part after this", () => add(key)),
      button("Remove", () => remove(key), "final"),
    );
    details.append(make("div", { class: "stack" }, ...Object.keys(LABELS).map((name) => field(node, row, name)), acts));
    update(node, view(row, rows.indexOf(row)));
  }

  function update(node, row) {
    setText(node.querySelector("summary"), summaryOf(row));
    node.className = row.isNow ? "now" : "";
    const [up, down, more, away] = node.querySelectorAll(".row button");
    if (!up) return;
    up.disabled = row.number === 1;
    down.disabled = row.number === rows.length;
    more.disabled = rows.length >= PHASES_AT_MOST;
    away.disabled = row.isNow;
    [up, down, more, away].forEach((one) => one.setAttribute("aria-label", `${one.textContent}: ${row.phase.title || `part ${row.number}`}`));
  }

  const drawList = createList(list, { create: createRow, update });

  function view(row, index) {
    return { key: row.key, phase: row.phase, isNow: row.isNow, number: index + 1, count: rows.length };
  }

  function draw() {
    drawList(rows.map(view));
    const minutes = minutesOf(rows.map(({ phase }) => phase));
    const planned = meta().minutes;
    const over = planned && minutes > planned ? ` That is ${minutes - planned} more than the meeting has: make it longer, or shorten a part.` : "";
    const words = `${rows.length} ${rows.length === 1 ? "part" : "parts"}, ${minutes} minutes in all.${over}`;
    setText(total, words);
    undo.hidden = !removed;
    onChange();
  }

  function change(node, key, name, text) {
    rows = rows.map((row) => (row.key === key ? { ...row, phase: { ...row.phase, [name]: valueOf(name, text) } } : row));
    mark(node, rows.find((row) => row.key === key).phase, [name]);
    draw();
  }

  function mark(node, phase, names) {
    const found = faultsOf(phase);
    for (const name of names) {
      const control = node.querySelector(`[data-field="${name}"]`);
      if (!control) continue;
      const error = document.getElementById(`${control.id}-error`);
      const fault = found[name] || "";
      error.textContent = fault && fault[0].toUpperCase() + fault.slice(1);
      error.hidden = !fault;
      control.setAttribute("aria-invalid", String(Boolean(fault)));
    }
    return found;
  }

  function place(key) {
    return rows.findIndex((row) => row.key === key);
  }

  function move(key, by) {
    const from = place(key);
    const row = rows[from];
    const others = rows.filter((one) => one !== row);
    rows = [...others.slice(0, from + by), row, ...others.slice(from + by)];
    draw();
    announce(`${row.phase.title || "This part"} is now number ${from + by + 1}.`);
    const [up, down] = list.children[from + by].querySelectorAll(".row button");
    (by < 0 ? (up.disabled ? down : up) : down.disabled ? up : down).focus();
  }

  function add(key) {
    const at = key ? place(key) + 1 : rows.length;
    rows = [...rows.slice(0, at), rowOf(emptyPhase()), ...rows.slice(at)];
    draw();
    show(at, "title");
  }

  function remove(key) {
    const at = place(key);
    removed = { row: rows[at], at };
    rows = rows.filter((row) => row.key !== key);
    draw();
    announce(`${removed.row.phase.title || "The part"} was removed.`);
    undo.focus();
  }

  function bringBack() {
    const { row, at } = removed;
    rows = [...rows.slice(0, at), rowOf(row.phase, row.origin, row.isNow), ...rows.slice(at)];
    removed = null;
    draw();
    show(at, "title");
  }

  /** Opens a phase and puts the focus on one of its fields. */
  function show(index, name) {
    const node = list.children[index];
    const details = node.querySelector("details");
    details.open = true;
    if (!node.querySelector(".stack")) fill(node, details, rows[index].key);
    node.querySelector(`[data-field="${name}"]`).focus();
  }

  function tell(problems) {
    faults.hidden = !problems.length;
    faults.replaceChildren(...(problems.length > 1 ? [make("ul", {}, ...problems.map((one) => make("li", {}, one)))] : problems));
  }

  function set(phases, now = -1) {
    removed = null;
    rows = phases.map((phase, index) => rowOf(phase, index, index === now));
    tell([]);
    draw();
  }

  async function load() {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    const { script, problems } = readScript(await bytesOf(chosen, FILE_BYTES_AT_MOST));
    if (!script) {
      tell(["The file was not taken; what is here is as it was.", ...problems]);
      faults.focus();
      return;
    }
    const current = rows.filter(({ isNow }) => isNow);
    rows = [...current, ...script.phases.map((phase) => rowOf(phase))];
    removed = null;
    tell([]);
    draw();
    onLoad(script);
    announce(`The script was loaded: ${script.phases.length} parts.`);
  }

  function save() {
    const { title, minutes, fellowship_minutes } = meta();
    const text = writeScript({ title, minutes, fellowship_minutes, phases: rows.map(({ phase }) => phase) });
    saveFile("meeting-script.json", text);
  }

  function check() {
    const problems = problemsOf(rows.map(({ phase }) => phase));
    const at = rows.findIndex(({ phase }) => Object.keys(faultsOf(phase)).length);
    tell(at < 0 ? problems : []);
    if (at >= 0) {
      show(at, Object.keys(faultsOf(rows[at].phase))[0]);
      rows.forEach(({ phase }, index) => mark(list.children[index], phase, Object.keys(LABELS)));
    } else if (problems.length) faults.focus();
    return !problems.length;
  }

  file.addEventListener("change", load);
  const element = make(
    "div",
    { class: "stack script-editor" },
    total,
    faults,
    list,
    make("div", { class: "row" }, button("New part at the end", () => add(0)), undo),
    make("div", { class: "row" }, button("Save to a file", save, "plain"), button("Load a file", () => file.click(), "plain"), file),
  );
  draw();

  return {
    element,
    phases: () => rows.map(({ phase }) => phase),
    at: (index) => rows.findIndex(({ origin }) => origin === index),
    set,
    tell,
    check,
  };
}
