/**
 * What waits for this person, as buttons above the field, and what was asked and is over, as far as it was not looked at.
 *
 * `createAsks(row, section)`: the function it returns draws `[{key, label, main, run}]`. Focus stays where it is; when the
 * button that had it goes, the row has it, or the section.
 * `createWatch({opened, closed})`: `look(all)` is given `[{id, open}]` and calls `opened(one)` and `closed(one)` once each, the
 * latter for what was open before; `saw(id)` and `unseen(all)` keep what was not looked at since it closed.
 * `createAsked({watch, idsOf, ofOpen, open, key, label})`: `open(id)`, `look(room)` and `asks(room)` of one sort of questions:
 * `idsOf(room)` is what the watch looks at, `ofOpen(room)` the buttons of what is open, `key` and `label` the one of a result.
 */
import { button, setText } from "./dom.js";
import { createList } from "./list.js";

export function createAsks(row, section) {
  const runs = new Map();
  const list = createList(row, {
    create: ({ key }) => button("", () => runs.get(key)()),
    update(node, { label, main }) {
      setText(node, label);
      node.className = main ? "primary" : "";
    },
  });

  return (asks) => {
    const hadFocus = row.contains(document.activeElement);
    runs.clear();
    asks.forEach(({ key, run }) => runs.set(key, run));
    list(asks.map(({ key, label, main }) => ({ key, label, main })));
    row.hidden = !asks.length;
    if (hadFocus && !row.contains(document.activeElement)) (row.hidden ? section : row).focus({ preventScroll: true });
  };
}

export function createWatch({ opened, closed }) {
  const open = new Set();
  const unseen = new Set();

  function look(one) {
    if (one.open && !open.has(one.id)) {
      open.add(one.id);
      opened(one);
    }
    if (one.open || !open.has(one.id)) return;
    open.delete(one.id);
    unseen.add(one.id);
    closed(one);
  }

  return {
    look: (all) => all.forEach(look),
    saw: (id) => unseen.delete(id),
    unseen: (all) => all.filter(({ id }) => unseen.has(id)),
  };
}

export function createAsked({ watch, idsOf, ofOpen, open, key, label }) {
  return {
    open,
    look: (room) => watch.look(idsOf(room)),
    asks(room) {
      const last = watch.unseen(idsOf(room)).slice(-1);
      return [...ofOpen(room), ...last.map(({ id }) => ({ key, label, main: false, run: () => open(id) }))];
    },
  };
}
