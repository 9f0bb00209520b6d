import assert from "node:assert/strict";
import { test } from "node:test";

import { pauseOf } from "../../static/js/pause.js";
import { statusOf } from "../../static/js/status.js";
import { meeting, MINUTE, OPEN } from "./a-meeting.mjs";

const SECOND = 1000;
const NO_PACE = { slow_seconds: 0, listen_minutes: 0, hold_new: false };

function room({ pace, ...more } = {}) {
  return { ...meeting({ phase: OPEN, ...more }), posting_stopped: false, unattended: false, pace: { ...NO_PACE, ...pace } };
}

function kindOf(found, now = 0) {
  const pause = pauseOf(found, now);
  return pause ? pause.kind : "";
}

test("nothing pauses in a room that goes on as always", () => {
  assert.equal(pauseOf(room({ me: { posted_at: 1, came_at: 0 } }), 2), null);
});

test("a quiet room and one without a moderator are told to participants alone, with the words kept", () => {
  for (const [name, kind] of [["posting_stopped", "calm"], ["unattended", "no_moderator"]]) {
    const stopped = { ...room(), [name]: true };
    assert.equal(kindOf(stopped), kind);
    assert.match(pauseOf(stopped, 0).sentence, /your words are kept/);
    assert.equal(kindOf({ ...stopped, me: { ...stopped.me, role: "moderator" } }), "");
  }
});

test("slow mode counts from one's last words, in steps of five seconds and then in minutes", () => {
  const slow = room({ pace: { slow_seconds: 120 }, me: { posted_at: 10 * SECOND } });
  assert.match(pauseOf(slow, 129 * SECOND).sentence, /in about 5 seconds/);
  assert.match(pauseOf(slow, 103 * SECOND).sentence, /in about 30 seconds/);
  assert.match(pauseOf(slow, 20 * SECOND).sentence, /in 2 minutes/);
  assert.equal(pauseOf(slow, 20 * SECOND).until, 130 * SECOND);
  assert.equal(kindOf(slow, 130 * SECOND), "");
  assert.equal(kindOf(room({ pace: { slow_seconds: 120 }, me: { posted_at: 0 } }), 20 * SECOND), "");
});

test("who holds the floor is not slowed down, and a draft is nobody's business", () => {
  const pace = { ...NO_PACE, slow_seconds: 120 };
  const sharing = { ...meeting({ holder: "me", me: { posted_at: SECOND } }), pace };
  const preparing = { ...meeting({ holder: "ada", me: { posted_at: SECOND } }), pace };
  assert.equal(kindOf(sharing, 2 * SECOND), "");
  assert.equal(kindOf(preparing, 2 * SECOND), "");
});

test("who is new listens first, and is told for how long", () => {
  const fresh = room({ pace: { listen_minutes: 3 }, me: { came_at: MINUTE } });
  assert.match(pauseOf(fresh, 2 * MINUTE).sentence, /You can write in 2 minutes/);
  assert.equal(kindOf(fresh, 4 * MINUTE), "");
});

test("who has said nothing yet is told that a moderator looks first, where that is so", () => {
  const LOOKS = /A moderator looks at your first words before everyone can read them[.]$/;
  const fresh = { posted_at: 0, came_at: 0 };
  const sentence = (pace, me, connected = true) => statusOf(room({ pace, me: { ...fresh, ...me } }), MINUTE, connected).sentence;
  const hold = { hold_new: true };
  assert.match(sentence(hold), LOOKS);
  assert.doesNotMatch(sentence({}), LOOKS);
  assert.doesNotMatch(sentence(hold, { posted_at: 1 }), LOOKS);
  assert.doesNotMatch(sentence(hold, { role: "moderator" }), LOOKS);
  assert.doesNotMatch(sentence(hold, { muted_until: 2 * MINUTE }), LOOKS);
  assert.doesNotMatch(sentence(hold, {}, false), LOOKS);
  const waiting = { ...meeting({ holder: "ada", me: fresh }), pace: { ...NO_PACE, ...hold } };
  assert.doesNotMatch(statusOf(waiting, MINUTE, true).sentence, LOOKS);
});

test("a mute comes before everything else, for moderators too", () => {
  const stopped = { ...room({ me: { role: "moderator", muted_until: MINUTE } }), posting_stopped: true };
  assert.equal(kindOf(stopped), "muted");
});

test("the words below say it, and nothing can be sent until it is over", () => {
  const slow = room({ pace: { slow_seconds: 30 }, me: { posted_at: SECOND } });
  const during = statusOf(slow, 2 * SECOND, true);
  assert.deepEqual([during.canSend, during.field, during.pause], [false, "write", "slow"]);
  assert.match(during.sentence, /^The meeting goes a little slower now\./);
  assert.equal(statusOf(slow, 31 * SECOND, true).canSend, true);
});
