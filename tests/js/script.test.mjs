import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyPhase, minutesOf, problemsOf, readScript, writeScript } from "../../static/js/script.js";

const PHASES = [
  { ...emptyPhase(), title: "Welcome", mode: "host", text: "Good evening.\n<b>as typed</b>" },
  { ...emptyPhase(), title: "Shares", mode: "floor", crosstalk: "thanks", minutes: 30 },
];
const SCRIPT = { title: "Tuesday newcomers", minutes: 60, fellowship_minutes: 15, phases: PHASES };
const bytes = (text) => new TextEncoder().encode(text);
const file = (fields) => JSON.stringify({ format: "chatroom-script", version: 1, phases: PHASES, ...fields });

test("what is saved is what is loaded", () => {
  assert.deepEqual(readScript(bytes(writeScript(SCRIPT))), { script: SCRIPT, problems: [] });
});

test("a file that an editor saved with a byte order mark is read", () => {
  assert.deepEqual(readScript(bytes(`\ufeff${writeScript(SCRIPT)}`)), { script: SCRIPT, problems: [] });
});

for (const encoding of ["latin1", "utf16le"]) {
  test(`a file in ${encoding} is told to be saved as UTF-8`, () => {
    const { script, problems } = readScript(Buffer.from(`\ufeff${file({ title: "Café" })}`.slice(encoding === "latin1"), encoding));
    assert.equal(script, null);
    assert.match(problems[0], /^This file is not saved as UTF-8\. /);
  });
}

test("the minutes of a script are those of its parts", () => assert.equal(minutesOf(PHASES), 35));

test("what a part does not say has its usual value", () => {
  const { script } = readScript(bytes(file({ phases: [{ title: "Welcome" }] })));
  assert.deepEqual(script.phases, [{ ...emptyPhase(), title: "Welcome", minutes: 0 }]);
  assert.deepEqual([script.title, script.minutes, script.fellowship_minutes], ["", 0, 0]);
});

const WRONG_FILES = [
  ["not JSON", "{", ["This is not a script: it is not valid JSON."]],
  ["a list", "[]", ['This is not a script: its "format" is not "chatroom-script".']],
  ["nothing", "null", ['This is not a script: its "format" is not "chatroom-script".']],
  ["another format", '{"format":"calendar"}', ['This is not a script: its "format" is not "chatroom-script".']],
  ["another version", file({ version: 2 }), ["This script is of version 2; here only version 1 is known."]],
  ["no parts", file({ phases: [] }), ['This script has no list of "phases".']],
  ["parts that are none", file({ phases: ["Welcome", null] }), ['This script has no list of "phases".']],
  ["1,000 parts", file({ phases: Array(1000).fill(PHASES[0]) }), ["There are 1000 parts; at most 40 are possible."]],
  ["ten megabytes", file({ title: "x".repeat(10 * 1024 * 1024) }), ["This file is too large to be a script."]],
  ["a long time after the end", file({ fellowship_minutes: 90 }), ["The fellowship_minutes must be 0 to 60."]],
  [
    "many faults, each named",
    file({ phases: [{ title: " " }, { title: "x".repeat(81), mode: "loud", minutes: 1.5, colour: "red", cue: 7 }] }),
    [
      'Part 2: "colour" is not a field.',
      "Part 1: the title is empty.",
      "Part 2: the title is longer than 80 characters.",
      "Part 2: the cue is not a text.",
      "Part 2: the mode must be one of: host, floor, open.",
      "Part 2: the minutes must be 0 to 240.",
    ],
  ],
];
for (const [name, text, problems] of WRONG_FILES) {
  test(`a wrong file is told what is wrong: ${name}`, () => assert.deepEqual(readScript(bytes(text)), { script: null, problems }));
}

test("a script of 48 KiB fits, a larger one does not", () => {
  const long = Array(5).fill({ ...emptyPhase(), title: "Reading", text: "x".repeat(9990) });
  assert.deepEqual(problemsOf(long.slice(1)), []);
  assert.match(problemsOf(long)[0], /^The whole script has \d+ bytes; at most 49152 are possible\.$/);
});

test("at most twenty faults are listed", () => {
  assert.equal(problemsOf(Array(30).fill({ ...emptyPhase() })).length, 20);
});
