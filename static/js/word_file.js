/**
 * A room's list of words as a file: the form of `WORDS_FILE` and of `set_words`, so that the same file serves both.
 * docs/moderation.md describes it. Nothing here touches the page.
 */
import { parseFile } from "./files.js";

export const WORDS_AT_MOST = 100;
export const PATTERN_AT_MOST = 100;
export const FILE_BYTES_AT_MOST = 256 * 1024;
const FAULTS_SHOWN = 5;
const FIELDS = ["pattern", "kind", "verdict"];
const CHOICES = { kind: ["literal", "re2"], verdict: ["nudge", "hold", "reject"] };

function faultOf(word) {
  if (typeof word !== "object" || word === null || Array.isArray(word)) return "it is no word or pattern.";
  const unknown = Object.keys(word).find((name) => !FIELDS.includes(name));
  if (unknown) return `"${unknown}" is not a field.`;
  if (typeof word.pattern !== "string" || !word.pattern.trim()) return 'the "pattern" is empty.';
  if (Array.from(word.pattern).length > PATTERN_AT_MOST) return `the "pattern" is longer than ${PATTERN_AT_MOST} characters.`;
  const wrong = Object.keys(CHOICES).find((name) => !CHOICES[name].includes(word[name]));
  return wrong ? `the "${wrong}" must be one of: ${CHOICES[wrong].join(", ")}.` : "";
}

/** `{words, problems}` of a file's bytes. `words` is null when something is wrong with it. */
export function readWords(bytes) {
  const { found, problems } = parseFile(bytes, { what: "a list of words", most: FILE_BYTES_AT_MOST });
  if (problems) return { words: null, problems };
  if (!Array.isArray(found) || !found.length) return { words: null, problems: ["This is not a list of words: it holds none."] };
  if (found.length > WORDS_AT_MOST) {
    return { words: null, problems: [`There are ${found.length} words and patterns; at most ${WORDS_AT_MOST} are possible.`] };
  }
  const faults = found.map(faultOf).map((fault, index) => fault && `Number ${index + 1}: ${fault}`).filter(Boolean);
  return faults.length ? { words: null, problems: faults.slice(0, FAULTS_SHOWN) } : { words: found, problems: [] };
}

/** The text of the file for a list. */
export function writeWords(words) {
  return `${JSON.stringify(words.map(({ pattern, kind, verdict }) => ({ pattern, kind, verdict })), null, 1)}\n`;
}
