import assert from "node:assert/strict";
import { test } from "node:test";

import { formatLink, parseLink } from "../../static/js/link.js";

const SECRET = "apple-river-stone-cloud-maple-fern";

test("a link holds six words and perhaps a token", () => {
  assert.deepEqual(parseLink(`#${SECRET}`), { secret: SECRET, token: "" });
  assert.deepEqual(parseLink(`#${SECRET}.aB3_x-9`), { secret: SECRET, token: "aB3_x-9" });
});

for (const typed of [
  "Apple River STONE cloud maple fern",
  "apple.river.stone.cloud.maple.fern",
  "1. apple 2. river 3. stone 4. cloud 5. maple 6. fern",
  "apple,%20river,%20stone,%20cloud,%20maple,%20fern",
  " apple_river\nstone - cloud / maple fern. ",
]) {
  test(`"${typed}" means the same room`, () => assert.deepEqual(parseLink(typed), { secret: SECRET, token: "" }));
}

for (const typed of ["", "#", "apple river", `${SECRET}-more`, `${SECRET}.`.slice(6), "%zz", `${SECRET}.to ken`]) {
  test(`"${typed}" is no link`, () => assert.equal(parseLink(typed), null));
}

test("a link is written as it was read", () => {
  for (const link of [SECRET, `${SECRET}.token`]) assert.equal(formatLink(parseLink(link)), link);
});
