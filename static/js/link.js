/**
 * What the part of a link after `#` holds.
 *
 * `parseLink(fragment) -> {secret, token} | null`: `secret` is six lower-case words joined by hyphens, in whatever case and
 * with whatever between them they were typed; `token` is the role token after a dot, or "".
 */
const WORDS = 6;
const LINK = new RegExp(`^[^a-z]*([a-z]+(?:[^a-z]+[a-z]+){${WORDS - 1}})(?:\\.([a-z0-9_-]+)|[^a-z0-9]*)$`, "i");

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (malformed) {
    return text;
  }
}

export function parseLink(fragment) {
  const found = LINK.exec(decoded(fragment.replace(/^#/, "")).normalize("NFKC").trim());
  if (!found) return null;
  return { secret: found[1].toLowerCase().split(/[^a-z]+/).join("-"), token: found[2] || "" };
}

export function formatLink({ secret, token }) {
  return token ? `${secret}.${token}` : secret;
}
