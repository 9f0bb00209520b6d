import assert from "node:assert/strict";
import { test } from "node:test";

import { createCues } from "../../static/js/cues.js";
import { statusOf } from "../../static/js/status.js";
import { meeting, MINUTE, OPEN, QUIET, SHARES } from "./a-meeting.mjs";

const HOST = { role: "host" };
const CLOSED = { queue_closed: true };
const SENTENCES = [
  ["a listener", { holder: "ada" }, "Ada is sharing. You can raise your hand or react."],
  ["the next", { holder: "ada", queue: ["me"] }, "Ada is sharing. It is your turn next."],
  ["the third", { holder: "ada", queue: ["bo", "cy", "me"] }, "Ada is sharing. You are third. Roughly 11 minutes."],
  ["the second without a clock", { holder: "ada", queue: ["bo", "me"], share_minutes: 0 }, "Ada is sharing. You are second."],
  ["the sharer", { holder: "me" }, "You have the floor. Write when you are ready, in one message or many."],
  [
    "the sharer after some words",
    { holder: "me", messages: [{ share: 50, by: "me" }] },
    "You have the floor. Take your time, and press Done at the end.",
  ],
  ["an empty floor", {}, "Nobody is sharing. You can raise your hand, or just listen."],
  ["an empty floor and a closed list", CLOSED, "Nobody is sharing. The list is closed for now. You can listen and react."],
  ["one to be called", { queue: ["me"], call_each: true }, "Nobody has the floor. It is your turn next. The host calls you."],
  [
    "an invited one",
    { holder: "ada", me: { invited: true } },
    "Ada is sharing. You are invited to share. If you would rather not, only the host and the moderators know.",
  ],
  [
    "a lost sharer",
    { holder: "ada", paused_at: MINUTE },
    "Ada's connection is lost. The time waits. You can raise your hand or react.",
  ],
  [
    "open crosstalk",
    { holder: "ada", phase: { ...SHARES, crosstalk: "open" } },
    "Ada is sharing. You can write, raise your hand or react.",
  ],
  ["a host", { holder: "ada", me: HOST }, "Ada is sharing. Everyone else listens and reacts."],
  ["a host and an empty floor", { me: HOST }, "Nobody is sharing. You can write, or wait for a hand."],
  ["a host and hands", { queue: ["bo"], me: HOST }, "Nobody has the floor. You can write, or give the floor to someone."],
  ["a reading", { phase: QUIET }, "Reading. You can listen and react. Nothing else is needed."],
  ["a reading host", { phase: QUIET, me: HOST }, "Reading. You can write; everyone else listens."],
  ["a reader", { phase: QUIET, me: { helper: "reader" } }, "Reading. You and the host can write; everyone listens."],
  ["an open phase", { phase: OPEN }, "Closing. Everyone can write."],
  [
    "milestones",
    { phase: { ...OPEN, title: "Chips", kind: "milestones" } },
    "Chips. Take a chip if you like. Everyone can write.",
  ],
  ["before it begins", { at: { index: -1, phase: OPEN } }, "The meeting begins soon. You can say hello already."],
  ["time after the end", { at: { fellowship: true } }, "The meeting is over, and this is time together. Everyone can write."],
];
for (const [name, room, sentence] of SENTENCES) {
  test(`the bar for ${name}`, () => assert.equal(statusOf(meeting(room), 1.5 * MINUTE, true).sentence, sentence));
}

test("the time of a share is told to the sharer first", () => {
  const bar = (holder, seconds) => statusOf(meeting({ holder }), seconds * 1000, true).sentence;
  assert.match(bar("me", 200), /about a minute left/);
  assert.match(bar("me", 241), /^Please finish your thought\./);
  assert.match(bar("ada", 241), /^Ada is sharing\./);
  assert.match(bar("ada", 271), /^Time is up; Ada is finishing\./);
});

test("a mute and a lost connection come before the floor", () => {
  const muted = statusOf(meeting({ holder: "me", me: { muted_until: 9 * MINUTE } }), MINUTE, true);
  assert.deepEqual([muted.canSend, muted.pause, muted.field], [false, "muted", "write"]);
  const lost = statusOf(meeting({ holder: "ada" }), MINUTE, false);
  assert.match(lost.sentence, /^Reconnecting\./);
  assert.deepEqual([lost.canSend, lost.field], [false, "draft"]);
});

function told(...steps) {
  const cues = createCues();
  return steps.map(([room, seconds = 0]) => cues.look(meeting(room), seconds * 1000));
}

test("turn, time and place are said once each", () => {
  const said = told(
    [{ holder: "ada", queue: ["bo", "me"] }],
    [{ holder: "bo", queue: ["me"], share: 51 }],
    [{ holder: "bo", queue: ["me"], share: 51 }, 5],
    [{ holder: "bo", queue: ["me"], share: 51 }, 270],
    [{ holder: "me", share: 52 }],
    [{ holder: "me", share: 52 }, 180],
    [{ holder: "me", share: 52 }, 200],
    [{ holder: "me", share: 52 }, 241],
    [{ holder: "me", share: 52 }, 280],
    [{}, 281],
    [{}, 282],
  );
  assert.deepEqual(said, [
    [],
    ["Bo has the floor.", "It is your turn next."],
    [],
    ["Time is up; Bo is finishing."],
    ["It is your turn. Write when you are ready."],
    ["About one minute left."],
    [],
    ["Please finish your thought."],
    [],
    [],
    ["Nobody has the floor now."],
  ]);
});

test("between two shares it is not said that nobody has the floor", () => {
  const said = told([{ holder: "ada", share: 50 }, 1], [{}, 2], [{}, 2.9], [{ holder: "bo", share: 51 }, 2.95], [{}, 9], [{}, 10]);
  assert.deepEqual(said, [[], [], [], ["Bo has the floor."], [], ["Nobody has the floor now."]]);
});

test("who leads hears how many hands are up", () => {
  const host = { me: { role: "host" }, holder: "ada" };
  assert.deepEqual(told([host], [{ ...host, queue: ["bo"] }], [{ ...host, queue: ["bo", "cy"] }], [host]), [
    [],
    ["1 hand is up."],
    ["2 hands are up."],
    [],
  ]);
});

test("phases, topics, invitations and a closed list are said", () => {
  const said = told(
    [{ at: { index: 0 }, phase: QUIET }],
    [{ at: { topic: "Patience" } }],
    [{ at: { topic: "Patience" }, me: { invited: true }, queue_closed: true }],
    [{ at: { topic: "Patience" }, me: { role: "moderator" }, chair: "me" }],
    [{ at: { topic: "Patience", fellowship: true }, me: { role: "moderator" }, chair: "me" }],
  );
  assert.deepEqual(said, [
    [],
    ["Now: Shares.", "Topic: Patience"],
    ["You are invited to share. You may also decline.", "The list is closed."],
    ["You lead the meeting now."],
    ["The meeting is over. Everyone can write."],
  ]);
});
