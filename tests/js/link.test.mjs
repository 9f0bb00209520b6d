import assert from "node:assert/strict";
import { test } from "node:test";

import { formatLink, parseLink, wordsOf } from "../../static/js/link.js";

const SECRET = "apple-river-stone-cloud-maple-fern";
const TOKEN = "abcdefghijklmnopqrstuvw234";
const LINK = `https://my-own-long-meeting-host-name.example/r#${SECRET}`;

test("a link holds six words and perhaps a token", () => {
  assert.deepEqual(parseLink(`#${SECRET}`), { secret: SECRET, token: "" });
  assert.deepEqual(parseLink(`#${SECRET}.${TOKEN}`), { secret: SECRET, token: TOKEN });
  assert.deepEqual(parseLink(`#${SECRET}.${TOKEN}`.toUpperCase()), { secret: SECRET, token: TOKEN });
});

for (const typed of [
  "Apple River STONE cloud maple fern",
  "apple.river.stone.cloud.maple.fern",
  "1. apple 2. river 3. stone 4. cloud 5. maple 6. fern",
  "apple,%20river,%20stone,%20cloud,%20maple,%20fern",
  " apple_river\nstone - cloud / maple fern. ",
  "#apple%20river%20stone%20cloud%20maple%20fern",
]) {
  test(`"${typed}" means the same room`, () => assert.deepEqual(parseLink(typed), { secret: SECRET, token: "" }));
}

const AROUND = ["LINK.", "(LINK)", "<LINK>", "LINK,", "LINK!", "LINK\u200b", "\u2066LINK\u2069", "LINK\ufeff", "*LINK*", "_LINK_", "\"LINK\""]
  .concat(["LINK\u2026", "LINK\u2019", "LINK:", "LINK;", "LINK-", "LINK]", "LINK?", "LINK\u3002", "Join us: LINK at 8", "Join us (LINK), #tuesday"])
  .concat(["LINK. Bring tea.", "two people, one link:\nLINK\nsee you", "LINK\u00a0at 8"]);

for (const [name, token] of [["participant", ""], ["role", TOKEN]]) {
  for (const around of AROUND) {
    test(`a ${name} link is found in ${JSON.stringify(around)}`, () => {
      const link = token ? `${LINK}.${token}` : LINK;
      const [, fragment] = link.split("#");
      for (const pasted of [link, link.replace("#", "%23"), link.replace("#", "%2523"), `#${fragment}`, fragment]) {
        assert.deepEqual(parseLink(around.replace("LINK", pasted)), { secret: SECRET, token }, pasted);
      }
    });
  }
}

for (const typed of [
  "",
  "#",
  "apple river",
  `${SECRET}-more`,
  `${SECRET}.`.slice(6),
  "%zz",
  `${SECRET}.to ken`,
  `${LINK}.${TOKEN.slice(1)}`,
  `${LINK}.${TOKEN}a`,
  `${LINK}.${TOKEN.replace("2", "1")}`,
  LINK.replace(`#${SECRET}`, ""),
]) {
  test(`"${typed}" is no link`, () => assert.equal(parseLink(typed), null));
}

test("a percent sign beside it does not hide a link", () => {
  assert.deepEqual(parseLink(`100% sure: ${LINK.replace("#", "%23")}`), { secret: SECRET, token: "" });
});

test("a link is written as it was read", () => {
  for (const link of [SECRET, `${SECRET}.${TOKEN}`]) assert.equal(formatLink(parseLink(link)), link);
});

test("the words of a code are those that were typed", () => {
  assert.deepEqual(wordsOf("1. Apple, river\u200b 3 stone"), ["Apple", "river", "stone"]);
});
