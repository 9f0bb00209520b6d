import assert from "node:assert/strict";
import { test } from "node:test";

import { gather, sentenceOf } from "../../static/js/notes.js";
import { apply } from "../../static/js/room.js";

function told(steps) {
  const people = { me: { nickname: "Me", role: "participant", here: true } };
  let room = { people, messages: [], me: { participant: "me", reactions: {} } };
  let notes = [];
  steps.forEach(([event, name], index) => {
    const person = { participant: name, by: name, nickname: name, role: "participant" };
    const frame = { event, offset: index + 1, at: 0, text: "", origin_id: "", ...person };
    notes = gather(notes, frame, room);
    room = apply(room, frame);
  });
  return notes.map(sentenceOf);
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
  ["being removed looks like leaving", [came("Oak"), said("me"), ["removed", "Oak"]], ["Oak came in", "Oak left"]],
  ["one's own coming is nothing", [["returned", "me"]], []],
];
for (const [name, steps, sentences] of CASES) test(name, () => assert.deepEqual(told(steps), sentences));
