import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { prove, sha256, zeroBits } from "../../static/js/proof.js";

function hex(words) {
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function known(text) {
  return createHash("sha256").update(text).digest("hex");
}

test("hashes of every length around the edges of a block are those of SHA-256", () => {
  for (let length = 0; length < 200; length += 1) {
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(5).slice(0, length);
    assert.equal(hex(sha256(text)), known(text));
  }
});

test("zero bits are counted over the words", () => {
  assert.equal(zeroBits(Int32Array.of(-1, 0)), 0);
  assert.equal(zeroBits(Int32Array.of(1, 0)), 31);
  assert.equal(zeroBits(Int32Array.of(0, 0x00ffffff)), 40);
  assert.equal(zeroBits(Int32Array.of(0, 0)), 64);
});

test("a proof begins with the zero bits that were asked for, and lets the page breathe between slices", async () => {
  const parts = [];
  let at = 0;
  let pauses = 0;
  const nonce = await prove(
    { salt: "willow", bits: 12 },
    {
      now: () => (at += 1),
      tell: (part) => parts.push(part),
      later(action, ms) {
        assert.equal(ms, 0);
        pauses += 1;
        queueMicrotask(action);
      },
    },
  );
  assert.match(known(`willow:${nonce}`), /^000/);
  assert.ok(pauses > 2);
  assert.equal(parts.length, pauses);
  assert.ok(parts.every((part, index) => part > (parts[index - 1] || 0) && part < 1));
});
