import assert from "node:assert/strict";
import { test } from "node:test";

import { callingText, lineOf, linesOf, stateOf, unreadOf } from "../../static/js/private_lines.js";

const PEOPLE = {
  me: { nickname: "Mo", role: "moderator", here: true },
  ada: { nickname: "Ada", role: "participant", here: true },
  june: { nickname: "Juniper", role: "moderator", here: true },
};

function line(id, more = {}) {
  return { line: id, nickname: id, open: true, claimed_by: "", said: [], ...more };
}

function roomOf(lines, me = {}, people = PEOPLE) {
  return { people, desk: { lines }, me: { participant: "me", nickname: "Mo", line: null, ...me } };
}

const own = (more = {}) => ({ open: true, claimed_by_nickname: "", said: [], ...more });

test("lines nobody answers come first, closed ones last, one's own is not among them", () => {
  const room = roomOf([line("a", { open: false }), line("b", { claimed_by: "june" }), line("c"), line("me")]);
  assert.deepEqual(linesOf(room).map(({ id }) => id), ["c", "b", "a"]);
  assert.deepEqual(linesOf({ ...room, desk: undefined }), []);
});

test("who answers is told by name", () => {
  const claimed = (by) => lineOf(roomOf([line("ada", { claimed_by: by })]), "ada").claimed;
  assert.deepEqual(["", "me", "june", "gone"].map(claimed), ["", "You", "Juniper", "a moderator who left"]);
});

test("the words of others count until one answers or looks", () => {
  const said = (mine, at) => ({ mine, at });
  const words = [said(false, 10), said(true, 20), said(false, 30), said(false, 40)];
  assert.equal(unreadOf(words, 0), 2);
  assert.equal(unreadOf(words, 35), 1);
  assert.equal(unreadOf(words, 40), 0);
  assert.equal(unreadOf([], 0), 0);
});

test("the same id under two people is two keys", () => {
  const said = [{ at: 1, by: "ada", by_nickname: "Ada", text: "x", origin_id: "o" }, { at: 2, by: "me", by_nickname: "Mo", text: "y", origin_id: "o" }];
  const found = lineOf(roomOf([line("ada", { said })]), "ada").said;
  assert.equal(new Set(found.map(({ key }) => key)).size, 2);
  assert.deepEqual(found.map(({ name, mine }) => [name, mine]), [["Ada", false], ["You", true]]);
});

test("what the owner is told", () => {
  const tell = (mine, people = PEOPLE) => {
    const room = roomOf([], { line: mine }, people);
    return stateOf(room, lineOf(room, ""));
  };
  assert.match(tell(own()), /^The moderators see that you are asking/);
  assert.match(tell(own(), { me: PEOPLE.me, ada: PEOPLE.ada }), /^No moderator is here/);
  assert.match(tell(own(), { ...PEOPLE, june: { ...PEOPLE.june, here: false } }), /^No moderator is here/);
  assert.equal(tell(own({ claimed_by_nickname: "Juniper" })), "Juniper is with you.");
  assert.match(tell(own({ open: false, claimed_by_nickname: "Juniper" })), /^This line is closed/);
  assert.match(callingText(false), /Your call goes out as soon as you are back/);
});

test("what a moderator is told", () => {
  const tell = (more) => {
    const room = roomOf([line("Ada", more)]);
    return stateOf(room, lineOf(room, "Ada"));
  };
  assert.equal(tell({}), "Nobody is with Ada yet.");
  assert.equal(tell({ claimed_by: "me" }), "You are with Ada.");
  assert.equal(tell({ claimed_by: "june" }), "Juniper is with Ada.");
  assert.equal(tell({ open: false }), "The line with Ada is closed.");
});
