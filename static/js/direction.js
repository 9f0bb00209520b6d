/**
 * Words that run from right to left within our sentences, which run from left to right.
 *
 * `isolate(words)`: someone's own words, for use within a sentence, so that their direction reaches nothing beside them.
 * `sentence(text)`: a text of ours, with a name or other words of that kind in it isolated where that was not done. Isolates are
 * those of the Unicode bidirectional algorithm (UAX 9); a text without such words is given back as it is.
 */
const OPENS = "\u2068";
const CLOSES = "\u2069";
const TURNED = "\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}\\p{Script=Adlam}";
const HAS_TURNED = new RegExp(`[${TURNED}]`, "u");
const HAS_OURS = /\p{Script=Latin}/u;
const PARTS = new RegExp(`${OPENS}[^${CLOSES}]*${CLOSES}|[${TURNED}](?:[\\s\\p{M}\\u200c\\u200d'\u2019\u05f3\u05f4-]*[${TURNED}\\p{M}])*`, "gu");

export function isolate(words) {
  return HAS_TURNED.test(words) ? `${OPENS}${words}${CLOSES}` : words;
}

export function sentence(text) {
  if (!HAS_TURNED.test(text)) return text;
  if (!HAS_OURS.test(text)) return text.startsWith(OPENS) ? text : isolate(text);
  return text.replace(PARTS, (part) => (part.startsWith(OPENS) ? part : isolate(part)));
}
