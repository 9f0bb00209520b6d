/**
 * What the part of a link after `#` holds.
 *
 * `parseLink(text) -> {secret, token} | null`: `secret` is six lower-case words joined by hyphens, in whatever case and with
 * whatever between them they were typed; `token` is the role token after a dot, or "". In a text that was pasted the link, or what
 * stands after its `#`, is found, whatever comes before and after it. A token that was damaged makes no lesser link: null.
 * `wordsOf(text)` are the words of a code as it was typed.
 */
const WORDS = 6;
const DECODED_AT_MOST = 3;
const SIX_WORDS = `([a-z]+(?:-[a-z]+){${WORDS - 1}})`;
const TOKEN = "(?:\\.([a-z2-7]{26}))?";
const ENDS = "(?![a-z0-9]|-[a-z]|\\.[a-z0-9])";
const AFTER_HASH = new RegExp(`#${SIX_WORDS}${TOKEN}${ENDS}`, "i");
const ANYWHERE = new RegExp(`(?:^|[^a-z0-9-])${SIX_WORDS}${TOKEN}${ENDS}`, "i");
const TYPED = new RegExp(`^[^a-z]*([a-z]+(?:[^a-z]+[a-z]+){${WORDS - 1}})(?:\\.([a-z2-7]{26}))?[^a-z0-9]*$`, "i");
const UNSEEN = /\p{Cf}/gu;

function decodedOnce(text) {
  try {
    return decodeURIComponent(text);
  } catch (malformed) {
    return text.replace(/%23/g, "#");
  }
}

/** Programs that a link went through may each have encoded it. */
function decoded(text) {
  let last = text;
  for (let times = 0; times < DECODED_AT_MOST; times += 1) last = decodedOnce(last);
  return last.normalize("NFKC").replace(UNSEEN, "");
}

export function wordsOf(text) {
  return decoded(text).match(/[a-z]+/gi) || [];
}

export function parseLink(text) {
  const clear = decoded(text);
  const found = AFTER_HASH.exec(clear) || ANYWHERE.exec(clear) || TYPED.exec(clear.slice(clear.lastIndexOf("#") + 1));
  if (!found) return null;
  return { secret: found[1].toLowerCase().split(/[^a-z]+/).join("-"), token: (found[2] || "").toLowerCase() };
}

export function formatLink({ secret, token }) {
  return token ? `${secret}.${token}` : secret;
}
