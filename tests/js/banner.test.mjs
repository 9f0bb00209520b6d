import assert from "node:assert/strict";
import { test } from "node:test";

import { createBanner } from "../../static/js/notices.js";
import { fakeTime } from "./fake-time.mjs";

/** Enough of a page for the calm line: `node` is the line, `home` where the focus goes with it. */
function start() {
  const time = fakeTime();
  const make = () => ({ setAttribute() {}, addEventListener() {}, append() {} });
  globalThis.document = { activeElement: null, createElement: make };
  const node = { ...make(), hidden: true, children: [], append: (...children) => node.children.push(...children) };
  const home = { focus: () => (document.activeElement = home) };
  node.replaceChildren = () => (node.children = []);
  node.contains = (one) => node.children.includes(one);
  return { time, node, home, banner: createBanner(node, { ...time, home, announce: () => {} }) };
}

function focusOnUndo({ node, banner }) {
  banner.pass("Bo is muted.", { label: "Undo", run: () => {} });
  document.activeElement = node.children[node.children.length - 1];
}

test("the calm line goes by itself", () => {
  const { time, node, banner } = start();
  banner.pass("You are back.");
  time.pass(9999);
  assert.equal(node.hidden, false);
  time.pass(1);
  assert.equal(node.hidden, true);
});

test("who has come to its Undo by keyboard is given time", () => {
  const all = start();
  focusOnUndo(all);
  all.time.pass(25000);
  assert.equal(all.node.hidden, false);
  document.activeElement = null;
  all.time.pass(10000);
  assert.equal(all.node.hidden, true);
});

test("when something else takes the place of its Undo, the focus is not lost", () => {
  const all = start();
  focusOnUndo(all);
  all.banner.hold("Reconnecting. Your words are kept.");
  assert.equal(document.activeElement, all.home);
});
