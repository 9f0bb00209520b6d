import assert from "node:assert/strict";
import { test } from "node:test";

import { createAsked, createWatch } from "../../static/js/asks.js";

function start() {
  const told = [];
  const watch = createWatch({ opened: ({ id }) => told.push(`opened ${id}`), closed: ({ id }) => told.push(`closed ${id}`) });
  return { told, watch };
}

test("what opens and closes is told once", () => {
  const { told, watch } = start();
  for (const open of [true, true, false, false]) watch.look([{ id: 1, open }]);
  assert.deepEqual(told, ["opened 1", "closed 1"]);
});

test("what was over before is not told, and does not wait to be seen", () => {
  const { told, watch } = start();
  const over = [{ id: 1, open: false }];
  watch.look(over);
  assert.deepEqual(told, []);
  assert.deepEqual(watch.unseen(over), []);
});

test("what closed waits until it is seen", () => {
  const { watch } = start();
  watch.look([{ id: 1, open: true }]);
  const over = [{ id: 1, open: false }];
  watch.look(over);
  assert.deepEqual(watch.unseen(over), over);
  watch.saw(1);
  assert.deepEqual(watch.unseen(over), []);
});

test("the last that closed unseen can be opened beside what is open", () => {
  const opened = [];
  const { watch } = start();
  const asked = createAsked({
    watch, idsOf: (room) => room, ofOpen: () => ["what is open"], open: (id) => opened.push(id), key: "result", label: "See it",
  });
  for (const open of [true, false]) asked.look([{ id: 1, open }, { id: 2, open }]);
  const [first, { run, ...last }, ...rest] = asked.asks([{ id: 1, open: false }, { id: 2, open: false }]);
  assert.deepEqual([first, last, rest], ["what is open", { key: "result", label: "See it", main: false }, []]);
  run();
  assert.deepEqual(opened, [2]);
});
