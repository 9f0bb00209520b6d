import assert from "node:assert/strict";
import { test } from "node:test";

import { readWords, writeWords } from "../../static/js/word_file.js";

const WORDS = [
  { pattern: "lottery", kind: "literal", verdict: "nudge" },
  { pattern: "\\bodds\\b", kind: "re2", verdict: "hold" },
];
const bytes = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

test("what is saved is what is loaded, also with a byte order mark", () => {
  for (const mark of ["", "\ufeff"]) {
    assert.deepEqual(readWords(bytes(mark + writeWords(WORDS))), { words: WORDS, problems: [] });
  }
});

const WRONG = [
  ["not JSON", "lottery", "This is not a list of words: it is not valid JSON."],
  ["a script", { format: "chatroom-script" }, "This is not a list of words: it holds none."],
  ["nothing", [], "This is not a list of words: it holds none."],
  ["too many", Array(101).fill(WORDS[0]), "There are 101 words and patterns; at most 100 are possible."],
  ["too large", "x".repeat(256 * 1024 + 1), "This file is too large to be a list of words."],
  ["plain words", ["lottery"], "Number 1: it is no word or pattern."],
  ["another field", [{ ...WORDS[0], note: "" }], 'Number 1: "note" is not a field.'],
  ["an empty pattern", [WORDS[0], { ...WORDS[1], pattern: " " }], 'Number 2: the "pattern" is empty.'],
  ["a number", [{ ...WORDS[0], pattern: 7 }], 'Number 1: the "pattern" is empty.'],
  ["a long pattern", [{ ...WORDS[0], pattern: "x".repeat(101) }], 'Number 1: the "pattern" is longer than 100 characters.'],
  ["another kind", [{ ...WORDS[0], kind: "glob" }], 'Number 1: the "kind" must be one of: literal, re2.'],
  ["no verdict", [{ pattern: "x", kind: "re2" }], 'Number 1: the "verdict" must be one of: nudge, hold, reject.'],
];
for (const [name, content, problem] of WRONG) {
  test(`${name} is told, and nothing is taken`, () => assert.deepEqual(readWords(bytes(content)), { words: null, problems: [problem] }));
}

test("no more than five faults are listed", () => assert.equal(readWords(bytes(Array(9).fill(null))).problems.length, 5));

test("another encoding is told", () => {
  const { problems } = readWords(Uint8Array.from(Buffer.from('[{"pattern": "Caf\u00e9"}]', "latin1")));
  assert.match(problems[0], /^This file is not saved as UTF-8\. /);
});
