import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest } from "../../static/js/spelling.js";

const WORDS = ["apple", "river", "stone"];

for (const typed of ["rivar", "rver", "riiver", "rievr", "riverr", "rive", "iver", "xiver"]) {
  test(`"${typed}" is river with one slip`, () => assert.equal(nearest(typed, WORDS), "river"));
}

for (const typed of ["", "ri", "rvier2", "revir", "strone?", "kumquat"]) {
  test(`"${typed}" is none of the words`, () => assert.equal(nearest(typed, WORDS), ""));
}
