import assert from "node:assert/strict";
import { test } from "node:test";

import { createLoneShift, HEARD } from "../../static/js/lone_shift.js";

/** Someone at a keyboard: what they do takes no time unless `waits(ms)` says so. */
function start() {
  const heard = [];
  let at = 0;
  const shift = createLoneShift({
    onPress: (count) => heard.push(count),
    onStop: () => heard.push("stop"),
    onLeave: () => heard.push("leave"),
  });

  function event(type, fields = {}) {
    assert.ok(HEARD.includes(type), type);
    shift.take({ type, timeStamp: at, buttons: 0, getModifierState: () => false, ...fields });
  }

  const key = (type) => (name, fields = {}) => event(type, { key: name, code: name, repeat: false, ...fields });
  const down = key("keydown");
  const up = key("keyup");

  function presses(meanwhile = () => {}, fields = {}) {
    down("Shift", fields);
    meanwhile();
    up("Shift", fields);
  }

  return { heard, shift, event, down, up, presses, waits: (ms) => (at += ms) };
}

const hasLeft = ({ heard }) => heard.includes("leave");

test("three presses alone leave", () => {
  const { heard, presses } = start();
  presses();
  presses();
  presses();
  assert.deepEqual(heard, [1, 2, "leave"]);
});

test("the three are within two seconds, from the first keydown to the last keyup", () => {
  for (const [each, leaves] of [[1000, true], [1001, false], [1300, false]]) {
    const person = start();
    for (let press = 0; press < 6; press += 1) {
      person.presses();
      person.waits(each);
    }
    assert.equal(hasLeft(person), leaves, String(each));
  }
});

test("of many presses any three that are near each other are enough", () => {
  const person = start();
  for (const pause of [1500, 700, 700, 0]) {
    person.presses();
    person.waits(pause);
  }
  assert.ok(hasLeft(person));
});

test("a press that is held as long as the whole time is none", () => {
  const { heard, presses, waits } = start();
  presses(() => waits(2001));
  assert.deepEqual(heard, []);
});

test("a key that repeats itself while it is held is one press", () => {
  const { heard, presses, down } = start();
  presses(() => {
    for (let times = 0; times < 5; times += 1) down("Shift", { repeat: true });
  });
  assert.deepEqual(heard, [1]);
});

const ACCIDENTS = {
  "a letter": ({ down, up }) => (down("A"), up("A")),
  "the end of a letter that was held": ({ up }) => up("A"),
  "the other Shift": ({ down, up }) => (down("Shift", { code: "other" }), up("Shift", { code: "other" })),
  "a click": ({ event }) => (event("pointerdown", { pointerId: 1, buttons: 1 }), event("pointerup", { pointerId: 1 })),
  "the end of a click": ({ event }) => event("pointerup", { pointerId: 1 }),
  "drawing a selection": ({ event }) => event("pointermove", { pointerId: 1, buttons: 1 }),
  "a wheel": ({ event }) => event("wheel"),
  "a finger that scrolls": ({ event }) => event("touchmove"),
  "dragging": ({ event }) => event("dragstart"),
  "a menu": ({ event }) => event("contextmenu"),
  "text that arrives without a key": ({ event }) => (event("beforeinput"), event("input")),
  "a selection": ({ event }) => event("selectionchange"),
  "a composition": ({ event }) => event("compositionstart"),
  "the focus that moves": ({ event }) => event("focusin"),
  "another window": ({ event }) => event("blur"),
};

for (const [name, happens] of Object.entries(ACCIDENTS)) {
  test(`a press is none with ${name}`, () => {
    const person = start();
    for (let times = 0; times < 4; times += 1) person.presses(() => happens(person));
    assert.deepEqual(person.heard, []);
  });

  if (name === "the other Shift") continue;
  test(`after ${name} one begins anew`, () => {
    const person = start();
    person.presses();
    person.presses();
    happens(person);
    person.presses();
    person.presses();
    assert.ok(!hasLeft(person));
    assert.ok(person.heard.includes("stop"));
  });
}

test("with another key of the keyboard held, Shift is no press", () => {
  for (const name of ["altKey", "ctrlKey", "metaKey", "isComposing"]) {
    const person = start();
    for (let times = 0; times < 4; times += 1) person.presses(undefined, { [name]: true });
    assert.deepEqual(person.heard, [], name);
  }
  const person = start();
  for (let times = 0; times < 4; times += 1) person.presses(undefined, { getModifierState: (name) => name === "AltGraph" });
  assert.deepEqual(person.heard, []);
});

test("a modifier that comes only before the end of the press is in time", () => {
  const person = start();
  for (let times = 0; times < 4; times += 1) {
    person.down("Shift");
    person.up("Shift", { altKey: true });
  }
  assert.deepEqual(person.heard, []);
});

test("with a letter or a button held, Shift is no press", () => {
  for (const hold of [({ down }) => down("A"), ({ event }) => event("pointerdown", { pointerId: 1, buttons: 1 })]) {
    const person = start();
    hold(person);
    for (let times = 0; times < 4; times += 1) person.presses();
    assert.deepEqual(person.heard, []);
  }
});

test("a key whose end was never told does not keep anyone here", () => {
  const person = start();
  person.down("Tab");
  person.waits(2001);
  for (let times = 0; times < 3; times += 1) person.presses();
  assert.ok(hasLeft(person));
});

test("a Shift whose end was never told does not cost a press", () => {
  const person = start();
  person.down("Shift");
  for (let times = 0; times < 3; times += 1) person.presses();
  assert.ok(hasLeft(person));
});

test("a mouse that only moves keeps nobody here", () => {
  const person = start();
  for (let times = 0; times < 3; times += 1) person.presses(() => person.event("pointermove", { pointerId: 1 }));
  assert.ok(hasLeft(person));
});

test("what an autofill calls a keydown breaks nothing", () => {
  const { heard, event } = start();
  event("keydown");
  assert.deepEqual(heard, []);
});
