/**
 * What waits for this person, as buttons above the field, and what was asked and is over, as far as it was not looked at.
 *
 * `createAsks(row, section)`: the function it returns draws `[{key, label, main, run}]`. Focus stays where it is; when the
 * button that had it goes, the row has it, or the section.
 * `createWatch({opened, closed})`: `look(all)` is given `[{id, open}]` and calls `opened(one)` and `closed(one)` once each, the
 * latter for what was open before; `saw(id)` and `unseen(all)` keep what was not looked at since it closed.
 */
import { button } from "./dom.js";
import { createList } from "./list.js";

export function createAsks(row, section) {
  const runs = new Map();
  const list = createList(row, {
    create: ({ key }) => button("", () => runs.get(key)()),
    update(node, { label, main }) {
      if (node.textContent !== label) node.textContent = label;
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
