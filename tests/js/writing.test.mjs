import assert from "node:assert/strict";
import { test } from "node:test";

import { cleaned, enterMeans, roomFor } from "../../static/js/composer.js";

function press(more) {
  return { key: "Enter", shiftKey: false, ctrlKey: false, metaKey: false, isComposing: false, keyCode: 13, ...more };
}

const ENTER = [
  ["Enter", {}, "send", "break"],
  ["Shift+Enter", { shiftKey: true }, "break", "send"],
  ["Ctrl+Enter", { ctrlKey: true }, "send", "send"],
  ["Cmd+Enter", { metaKey: true }, "send", "send"],
  ["Enter while composing", { isComposing: true }, "", ""],
  ["Enter while composing, old Safari", { keyCode: 229 }, "", ""],
  ["another key", { key: "a" }, "", ""],
];
for (const [name, more, sends, breaks] of ENTER) {
  test(`${name}`, () => {
    assert.equal(enterMeans(press(more), true), sends);
    assert.equal(enterMeans(press(more), false), breaks);
  });
}

test("code points are counted as the server counts them", () => {
  assert.equal(roomFor("\u{1f33f}", false), 1999);
  assert.equal(roomFor("e\u0301 ", false), 1999);
  assert.equal(roomFor("x".repeat(2001), false), -1);
  assert.equal(roomFor("x".repeat(2001), true), 7999);
});

test("what the server would not take is left out", () => {
  assert.equal(cleaned("  one\r\ntwo\rthree\t\u0000\ud800\u0007 \u{1f33f} "), "one\ntwo\nthree\t \u{1f33f}");
});
