/**
 * Keeps the children of an element the same as a list of rows.
 *
 * `createList(container, {create, update})`: the function it returns takes rows with a `key` each. `create(row) -> Element`
 * is called once a key, `update(node, row)` when the row is new or one of its values is. Nodes that stay are not moved, so
 * that focus, scroll and screen readers are left alone. What is no row is taken away: a browser that translates the page may
 * have left words of one there.
 */
function shallowSame(a, b) {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}

export function createList(container, { create, update }) {
  const known = new Map();

  function nodeOf(row) {
    const before = known.get(row.key);
    const node = before ? before.node : create(row);
    if (!before || !shallowSame(before.row, row)) update(node, row);
    known.set(row.key, { node, row });
    return node;
  }

  return (rows) => {
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, { node }] of known) {
      if (keys.has(key)) continue;
      node.remove();
      known.delete(key);
    }
    let next = container.firstChild;
    for (const row of rows) {
      const node = nodeOf(row);
      if (node === next) next = next.nextSibling;
      else container.insertBefore(node, next);
    }
    while (next) {
      const foreign = next;
      next = next.nextSibling;
      foreign.remove();
    }
  };
}
