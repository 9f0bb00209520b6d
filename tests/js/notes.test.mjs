import assert from "node:assert/strict";
import { test } from "node:test";

import { gather, noteText } from "../../static/js/rows.js";
import { apply } from "../../static/js/room.js";

function told(steps) {
  const people = { me: { nickname: "Me", role: "participant", here: true } };
  let room = { people, messages: [], floor: { holder: "", queue: [] }, me: { participant: "me", reactions: {}, direct: {} } };
  let notes = [];
  steps.forEach(([event, name, more], index) => {
    const person = { participant: name, by: name, nickname: name, role: "participant" };
    const frame = { event, id: index + 1, at: 0, text: "", origin_id: "", ...person, ...more };
    notes = gather(notes, frame, room);
    room = apply(room, frame);
  });
  return notes.map(noteText);
}

const came = (name) => ["joined", name];
const went = (name) => ["left", name];
const said = (name) => ["message_posted", name];

const CASES = [
  ["one", [came("Maple")], ["Maple came in"]],
  ["two", [came("Maple"), came("River")], ["Maple and River came in"]],
  ["three", [came("Maple"), came("River"), came("Oak")], ["Maple, River and Oak came in"]],
  ["more", ["Maple", "River", "Oak", "Ash", "Elm"].map(came), ["Maple, River and 3 others came in"]],
  ["both ways", [came("Oak"), said("me"), came("Maple"), went("Oak")], ["Oak came in", "Maple came in. Oak left"]],
  ["a message closes the line", [came("Maple"), said("me"), came("River")], ["Maple came in", "River came in"]],
  ["in and out again is nothing", [came("Maple"), went("Maple")], [""]],
  ["out and in again is nothing", [came("Oak"), said("me"), went("Oak"), ["returned", "Oak"]], ["Oak came in", ""]],
  ["coming back after a cut is nothing", [came("Oak"), said("me"), ["dropped", "Oak"], ["returned", "Oak"]], ["Oak came in"]],
  ["being removed is nobody's business", [came("Oak"), said("me"), ["removed", "Oak"]], ["Oak came in"]],
  ["leaving at once is not mentioned, nor the coming any more", [came("Oak"), said("me"), ["left", "Oak", { quiet: true }]], [""]],
  ["one's own coming is nothing", [["returned", "me"]], []],
  [
    "another name",
    [came("Maple"), ["renamed", "oak", { nickname: "Maple 2" }]],
    ["Maple came in", "Two people had the same name. One of them is now called Maple 2."],
  ],
  [
    "another name of one's own",
    [["renamed", "me", { nickname: "Me 2" }]],
    ["Someone here had the same name as you. You are now called Me 2; your messages are still yours."],
  ],
];
CASES.push(
  ["a phase", [came("Oak"), ["phase_started", "", { title: "Shares" }], came("Elm")], ["Oak came in", "Shares", "Elm came in"]],
  ["a topic", [["topic_set", "", { topic: "Patience" }], ["topic_set", "", { topic: "" }]], ["Topic: Patience"]],
  ["the chair", [["chair_taken", "Oak"]], ["Oak takes the chair while the host is away."]],
);
for (const [name, steps, sentences] of CASES) test(name, () => assert.deepEqual(told(steps), sentences));
