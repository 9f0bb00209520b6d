/** Folds the `frames` of each case that comes on standard input into its `room`, and holds the result to what it `expect`s. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { addEarlier, apply } from "../../static/js/room.js";

function take(room, frame) {
  if (frame.is === "earlier") return addEarlier(room, frame);
  return frame.is === "welcome" ? frame.room : apply(room, frame);
}

for (const { name, room, frames, expect } of JSON.parse(readFileSync(0, "utf8"))) {
  assert.deepStrictEqual(frames.reduce(take, room), expect, `what ${name} sees`);
}
