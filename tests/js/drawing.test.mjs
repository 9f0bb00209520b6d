import assert from "node:assert/strict";
import { test } from "node:test";

import { whenChanged } from "../../static/js/dom.js";

test("it is drawn at first, and again only when a part is another", () => {
  const drawn = [];
  const draw = whenChanged(
    (room, now) => [room.people, Math.floor(now / 5)],
    (room, now) => drawn.push(now),
  );
  const room = { people: {} };
  [0, 1, 4].forEach((now) => draw(room, now));
  draw({ people: room.people, title: "other" }, 4);
  assert.deepEqual(drawn, [0]);
  draw(room, 5);
  draw({ people: {} }, 5);
  assert.deepEqual(drawn, [0, 5, 5]);
});
