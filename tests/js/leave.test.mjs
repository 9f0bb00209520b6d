import assert from "node:assert/strict";
import { test } from "node:test";

function store(entries) {
  return {
    ...entries,
    getItem(key) {
      return key in this ? this[key] : null;
    },
    setItem(key, value) {
      this[key] = value;
    },
    removeItem(key) {
      delete this[key];
    },
  };
}

globalThis.window = {
  sessionStorage: store({ "meeting:draft": '"words"', other: "stays" }),
  localStorage: store({ "meeting:seats": "{}", "meeting:goal": '"one day"' }),
};
const { browserStore, createStorage, eraseAll } = await import("../../static/js/storage.js");

const left = (name) => Object.entries(window[name]).filter(([, value]) => typeof value === "string");

test("leaving at once erases all that is ours, and afterwards nothing is stored any more", () => {
  const storage = createStorage(browserStore("sessionStorage"), browserStore("localStorage"));
  storage.keep("day", "2026-01-31");
  eraseAll();
  assert.deepEqual(left("sessionStorage"), [["other", "stays"]]);
  assert.deepEqual(left("localStorage"), []);
  storage.set("draft", "written too late");
  storage.keep("goal", "written too late");
  assert.deepEqual(left("sessionStorage"), [["other", "stays"]]);
  assert.deepEqual(left("localStorage"), []);
});

test("a browser that refuses storage has nothing to erase", () => {
  Object.defineProperty(window, "localStorage", {
    get() {
      throw new Error("refused");
    },
  });
  eraseAll();
});
