/**
 * The cases at the desk, a list a section. What people wrote is veiled until the moderator opens a case, which also says that
 * they look at it. Focus stays with its case; when that goes, the next one has it.
 *
 * `createDeskList(container, {choicesFor, claim, notesOn, roomOf, admitAll, home})`: `draw(cases, now)`; `step(by)` moves the
 * focus from the case that had it last, `press(key)` does what that case offers under the key. `home` is focused when no case
 * is left.
 */
import { timeOf } from "./clock.js";
import { SECTIONS, stateOf } from "./desk_cases.js";
import { isolate } from "./direction.js";
import { button, make } from "./dom.js";
import { createList } from "./list.js";
import { CARE } from "./moderation.js";

const VEILED = new Set(["concern", "held", "report"]);

function points(items) {
  return make("ul", { class: "notes" }, ...items.map((item) => make("li", {}, item)));
}

/** What is good to say, and what is not. */
function care({ topic }) {
  return [
    ...(topic === "overdose" ? [make("p", {}, make("b", {}, CARE.overdose))] : []),
    make("div", {}, make("b", {}, "What helps"), points(CARE.say)),
    make("div", {}, make("b", {}, "Better not"), points(CARE.leave)),
  ];
}

export function createDeskList(container, { choicesFor, claim, notesOn, roomOf, admitAll, home }) {
  const opened = new Set();
  const nodes = new Map();
  const found = new Map();
  let shown = [];
  let last = "";
  let now = 0;

  function open(one) {
    opened.add(one.key);
    claim(one);
    draw(shown, now);
    nodes.get(one.key).focus();
  }

  function actsOf(one) {
    const acts = choicesFor(one);
    if (!VEILED.has(one.kind)) return acts;
    if (!opened.has(one.key)) return [{ key: "open", label: "Open", run: () => open(one) }];
    return acts;
  }

  function inside(one) {
    if (!opened.has(one.key)) return [];
    const notes = one.participant ? notesOn(one.participant, now) : [];
    return [
      ...(one.text ? [make("blockquote", { dir: "auto" }, one.text)] : []),
      ...(one.kind === "report" && !one.text ? [make("p", { class: "hint" }, "The message is gone.")] : []),
      ...(one.told ? [make("p", {}, `They say: ${isolate(one.told)}`)] : []),
      ...(notes.length ? [make("div", {}, make("b", {}, "Notes"), points(notes))] : []),
      ...(one.kind === "concern" ? care(one) : []),
    ];
  }

  function buttons(one) {
    return actsOf(one).map(({ key, label, look, run }) => {
      const act = button(label, run, look || "");
      act.dataset.act = key;
      act.setAttribute("aria-describedby", `title-${one.key}`);
      return act;
    });
  }

  function create({ key, kind }) {
    const node = make("li", { class: `case ${kind}`, tabindex: -1, focusin: () => (last = key) });
    nodes.set(key, node);
    return node;
  }

  function update(node, { key, state }) {
    const one = found.get(key);
    const had = node.contains(document.activeElement) && document.activeElement;
    const at = one.at ? make("small", {}, timeOf(one.at, now)) : "";
    node.classList.toggle("opened", opened.has(key));
    node.replaceChildren(
      make(
        "div",
        { class: "what" },
        make("div", { class: "by", id: `title-${one.key}` }, make("b", {}, one.title), at),
        ...one.facts.map((fact) => make("p", { class: "hint" }, fact)),
        ...(state ? [make("p", { class: "hint state" }, state)] : []),
      ),
      ...inside(one),
      make("div", { class: "row" }, ...buttons(one)),
    );
    if (!had || had === node) return;
    const same = Array.from(node.querySelectorAll("[data-act]")).find(({ dataset }) => dataset.act === had.dataset.act);
    (same || node).focus();
  }

  const lists = SECTIONS.map(([kind, words]) => {
    const heading = make("h3", { id: `desk-${kind}` }, words);
    const list = make("ul", { class: "cases", "aria-labelledby": heading.id });
    const all = kind === "knock" ? button("Let everyone in", admitAll) : null;
    const section = make("div", { class: "stack", hidden: true }, heading, ...(all ? [all] : []), list);
    container.append(section);
    return { kind, words, heading, section, all, draw: createList(list, { create, update }) };
  });

  function rowOf(one) {
    const room = roomOf();
    const state = stateOf(one, room);
    const choices = actsOf(one).map(({ label }) => label).join();
    const notes = one.participant ? notesOn(one.participant, now).join() : "";
    found.set(one.key, one);
    return { ...one, facts: one.facts.join(), state, choices, notes, isOpen: opened.has(one.key) };
  }

  function drawSection({ kind, words, heading, section, all, draw: drawList }, cases) {
    const mine = cases.filter((one) => one.kind === kind);
    section.hidden = !mine.length;
    heading.textContent = mine.length > 1 ? `${words} (${mine.length})` : words;
    if (all) drawAll(all, mine);
    drawList(mine.map(rowOf));
  }

  /** Those who may be somebody else than they seem are let in one by one. */
  function drawAll(all, mine) {
    const free = mine.filter(({ isDoubtful }) => !isDoubtful).length;
    all.hidden = free < 2;
    all.textContent = free < mine.length ? "Let the others in" : "Let everyone in";
  }

  function goHome() {
    home.focus({ preventScroll: true });
    home.parentNode.scrollTop = 0;
  }

  function refocus(place) {
    const next = shown[Math.min(place, shown.length - 1)];
    if (next) nodes.get(next.key).focus();
    else goHome();
  }

  function hasFocus() {
    const here = document.activeElement;
    return container.contains(here) && here.getClientRects().length > 0;
  }

  function draw(cases, at) {
    const held = shown.findIndex(({ key }) => nodes.get(key) && nodes.get(key).contains(document.activeElement));
    const hadFocus = container.contains(document.activeElement);
    now = at;
    shown = cases;
    lists.forEach((list) => drawSection(list, cases));
    const keys = new Set(cases.map(({ key }) => key));
    for (const key of Array.from(nodes.keys())) {
      if (keys.has(key)) continue;
      nodes.delete(key);
      found.delete(key);
      opened.delete(key);
    }
    if (hadFocus && !hasFocus()) refocus(Math.max(0, held));
  }

  function current() {
    return shown.find(({ key }) => key === last) || null;
  }

  return {
    draw,
    step(by) {
      if (!shown.length) return;
      const place = shown.indexOf(current());
      const next = shown[place < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, place + by))];
      nodes.get(next.key).focus();
    },
    /** Whether the case offers something under this key. */
    press(key) {
      const one = current() || shown[0];
      if (!one) return false;
      if (key === "claim") {
        claim(one);
        return true;
      }
      const act = actsOf(one).find((choice) => choice.key === key);
      if (act) act.run();
      return Boolean(act);
    },
  };
}
