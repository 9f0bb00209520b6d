import assert from "node:assert/strict";
import { test } from "node:test";

import { closesAt, isClosing } from "../../static/js/floor.js";
import { closingOf, endQuestion } from "../../static/js/questions.js";
import { unsentOf } from "../../static/js/unsent.js";
import { meeting, MINUTE, OPEN, QUIET, SHARES } from "./a-meeting.mjs";

const HOST = { me: { role: "host" } };

test("whoever leads is asked five minutes and one minute before the end, each time anew", () => {
  const asked = (minute, room = HOST) => (endQuestion(meeting(room), minute * MINUTE) || {}).key;
  assert.deepEqual([54, 55, 58, 59, 59.9, 60].map((minute) => asked(minute)), [
    undefined, `end-${60 * MINUTE}-5`, `end-${60 * MINUTE}-5`, `end-${60 * MINUTE}-1`, `end-${60 * MINUTE}-1`, undefined,
  ]);
  assert.equal(asked(58, {}), undefined);
  assert.equal(asked(58, { me: { role: "moderator" } }), undefined);
  assert.ok(asked(58, { me: { helper: "cohost" } }));
  assert.equal(asked(59, { ...HOST, at: { graced: true } }), undefined);
});

test("the closing is the part of that kind that is still to come", () => {
  const desk = { script: [QUIET, SHARES, OPEN] };
  assert.equal(closingOf(meeting({ desk })), 2);
  assert.equal(closingOf(meeting({ desk, at: { index: 2 } })), -1);
  assert.equal(closingOf(meeting({ desk, at: { fellowship: true } })), -1);
  assert.equal(closingOf(meeting()), -1);
});

test("the room closes after the time together, never later than four hours", () => {
  assert.equal(closesAt(meeting()), 60 * MINUTE);
  assert.equal(closesAt(meeting({ at: { fellowship_minutes: 15 } })), 75 * MINUTE);
  assert.equal(closesAt(meeting({ at: { fellowship_minutes: 15, fellowship: true } })), 60 * MINUTE);
  assert.equal(closesAt({ ...meeting({ at: { fellowship_minutes: 15 } }), ends_at: 235 * MINUTE }), 240 * MINUTE);
  assert.equal(isClosing(meeting(), 59 * MINUTE), false);
  assert.equal(isClosing(meeting(), 59.6 * MINUTE), true);
});

test("what was not sent is the field, the drafts, and what waits", () => {
  const items = [{ state: "sent", text: "there" }, { state: "sending", text: "on its way" }, { state: "refused", text: "back" }];
  assert.equal(unsentOf({ field: " half a ", drafts: { "": "privately" }, items }), "on its way\n\nback\n\nhalf a\n\nprivately");
  assert.equal(unsentOf({ field: "", drafts: {}, items: [] }), "");
});
