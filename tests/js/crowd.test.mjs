import assert from "node:assert/strict";
import { test } from "node:test";

import { createCrowd } from "../../static/js/crowd.js";
import { countsOf, peopleOf } from "../../static/js/people.js";

const AT = Date.UTC(2026, 0, 6, 19, 32);
const HERON = { nickname: "Heron", role: "host", here: true };
const FERN = { nickname: "Fern", role: "participant", here: true };
const MOSS = { nickname: "Moss", role: "participant", here: false };
const ROOM = { crowd: 312, people: { heron: HERON }, me: { participant: "fern", role: "participant" } };

function node() {
  const made = { hidden: false, textContent: "", attributes: {} };
  made.addEventListener = (name, listener) => (made[name] = listener);
  made.setAttribute = (name, value) => (made.attributes[name] = value);
  return made;
}

function start() {
  const parts = { part: node(), number: node(), button: node(), state: node() };
  const asked = [];
  const said = [];
  const send = (command, answer) => asked.push({ command, answer });
  const crowd = createCrowd(parts, { send, announce: (sentence) => said.push(sentence), now: () => AT, redraw: () => crowd.draw(ROOM) });
  crowd.draw(ROOM);
  return { ...parts, crowd, asked, said };
}

test("the number stands there without asking", () => {
  const { part, number, button, state, asked } = start();
  assert.equal(part.hidden, false);
  assert.equal(number.textContent, "312 people are here.");
  assert.equal(button.textContent, "Show everyone");
  assert.equal(state.textContent, "Hosts and moderators are listed.");
  assert.equal(asked.length, 0);
});

test("the list comes page by page, and is shown when it is whole", () => {
  const { crowd, button, state, asked, said } = start();
  button.click();
  assert.equal(state.textContent, "The list is on its way.");
  assert.equal(button.attributes["aria-disabled"], "true");
  button.click();
  assert.deepEqual(asked.map(({ command }) => command), [{ do: "people", after: "" }]);
  asked[0].answer({ is: "people", people: { fern: FERN }, next: "cal" });
  assert.deepEqual(crowd.listed(), {});
  assert.deepEqual(asked[1].command, { do: "people", after: "cal" });
  asked[1].answer({ is: "people", people: { moss: MOSS }, next: "" });
  assert.deepEqual(crowd.listed(), { fern: FERN, moss: MOSS });
  assert.match(state.textContent, /^Everyone who was here at /);
  assert.equal(button.textContent, "Show who is here now");
  assert.equal(button.attributes["aria-disabled"], "false");
  assert.deepEqual(said, ["The list is there: 2 people."]);
});

test("a list that does not come leaves the one before, and says why", () => {
  const { crowd, state, asked, said } = start();
  crowd.ask();
  asked[0].answer({ is: "people", people: { fern: FERN }, next: "" });
  crowd.ask();
  asked[1].answer({ is: "people", people: { moss: MOSS }, next: "cal" });
  asked[2].answer({ is: "refused", sentence: "Please wait." });
  assert.deepEqual(crowd.listed(), { fern: FERN });
  assert.equal(state.textContent, "The list did not come. Please wait.");
  assert.equal(said[1], "The list did not come. Please wait.");
  crowd.ask();
  assert.equal(state.textContent, "The list is on its way.");
});

test("who moderates needs no list", () => {
  const { crowd, part, asked } = start();
  crowd.ask();
  asked[0].answer({ is: "people", people: { fern: FERN }, next: "" });
  const { crowd: gone, ...room } = ROOM;
  crowd.draw(room);
  assert.equal(part.hidden, true);
  assert.deepEqual(crowd.listed(), {});
});

test("live knowledge of hosts and moderators stands above the list", () => {
  const listed = { heron: { ...HERON, here: false }, fern: FERN };
  assert.deepEqual(peopleOf(ROOM, listed).map(({ nickname, here, me }) => [nickname, here, me]), [
    ["Heron", true, false],
    ["Fern", true, true],
  ]);
});

test("how many are here", () => {
  assert.deepEqual(countsOf(ROOM), { here: 312, seated: 312 });
  const { crowd: gone, ...small } = { ...ROOM, people: { heron: HERON, moss: MOSS } };
  assert.deepEqual(countsOf(small), { here: 1, seated: 2 });
});
