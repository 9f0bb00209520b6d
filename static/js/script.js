/**
 * The script of a meeting as data: its limits, what is wrong with one, and the file a group keeps it in. docs/meetings.md
 * describes the file, docs/script.schema.json is its schema. Nothing here touches the page.
 */
import { parseFile } from "./files.js";

export const FORMAT = "chatroom-script";
export const VERSION = 1;
export const PHASES_AT_MOST = 40;
const FAULTS_SHOWN = 20;
const MINUTES_AT_MOST = 240;
const FELLOWSHIP_AT_MOST = 60;
const BYTES_AT_MOST = 48 * 1024;
export const FILE_BYTES_AT_MOST = 1024 * 1024;
const TEXTS = { title: 80, text: 10000, cue: 300 };

export const CHOICES = {
  mode: { host: "The host speaks", floor: "One person shares at a time", open: "Everyone can write" },
  crosstalk: { none: "No answers", thanks: "Short thanks", open: "Open talk" },
  kind: { plain: "Nothing more", milestones: "Milestones: people take chips", check_in: "Check-in: how is everyone?", closing: "Closing" },
};

export function emptyPhase() {
  return { title: "", text: "", mode: "open", crosstalk: "none", minutes: 5, cue: "", kind: "plain" };
}

export function minutesOf(phases) {
  return phases.reduce((sum, { minutes }) => sum + (minutes > 0 ? minutes : 0), 0);
}

const lengthOf = (text) => Array.from(text.normalize("NFC").trim()).length;
const isText = (value) => typeof value === "string";
const isWhole = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;

function textFault(name, value, most) {
  if (!isText(value)) return `the ${name} is not a text.`;
  if (name === "title" && !value.trim()) return "the title is empty.";
  return lengthOf(value) > most ? `the ${name} is longer than ${most} characters.` : "";
}

function choiceFault(name, value) {
  const known = Object.keys(CHOICES[name]);
  return known.includes(value) ? "" : `the ${name} must be one of: ${known.join(", ")}.`;
}

/** What is wrong with a phase, by field: `{title: sentence}`. */
export function faultsOf(phase) {
  const faults = {};
  const note = (name, fault) => {
    if (fault) faults[name] = fault;
  };
  for (const [name, most] of Object.entries(TEXTS)) note(name, textFault(name, phase[name], most));
  for (const name of Object.keys(CHOICES)) note(name, choiceFault(name, phase[name]));
  note("minutes", isWhole(phase.minutes, MINUTES_AT_MOST) ? "" : `the minutes must be 0 to ${MINUTES_AT_MOST}.`);
  return faults;
}

/** Everything that is wrong with the phases, one sentence each. */
export function problemsOf(phases) {
  if (phases.length > PHASES_AT_MOST) return [`There are ${phases.length} parts; at most ${PHASES_AT_MOST} are possible.`];
  const problems = [].concat(
    ...phases.map((phase, index) => Object.values(faultsOf(phase)).map((fault) => `Part ${index + 1}: ${fault}`)),
  );
  const bytes = new TextEncoder().encode(JSON.stringify(phases)).length;
  if (bytes > BYTES_AT_MOST) problems.push(`The whole script has ${bytes} bytes; at most ${BYTES_AT_MOST} are possible.`);
  return problems.slice(0, FAULTS_SHOWN);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function withDefaults(phase) {
  return { ...emptyPhase(), minutes: 0, ...phase };
}

function unknownFields(phases) {
  const known = Object.keys(emptyPhase());
  return [].concat(
    ...phases.map((phase, index) =>
      Object.keys(phase).filter((name) => !known.includes(name)).map((name) => `Part ${index + 1}: "${name}" is not a field.`),
    ),
  );
}

/** `{script, problems}` of a file's bytes. `script` is null when something is wrong with it. */
export function readScript(bytes) {
  const { found, problems: unread } = parseFile(bytes, { what: "a script", most: FILE_BYTES_AT_MOST });
  if (unread) return { script: null, problems: unread };
  if (!isObject(found) || found.format !== FORMAT) return { script: null, problems: [`This is not a script: its "format" is not "${FORMAT}".`] };
  if (found.version !== VERSION) return { script: null, problems: [`This script is of version ${found.version}; here only version ${VERSION} is known.`] };
  if (!Array.isArray(found.phases) || !found.phases.length || !found.phases.every(isObject)) {
    return { script: null, problems: ['This script has no list of "phases".'] };
  }
  const phases = found.phases.map(withDefaults);
  const fellowship = found.fellowship_minutes === undefined ? 0 : found.fellowship_minutes;
  const problems = [...unknownFields(found.phases), ...problemsOf(phases)];
  if (!isWhole(fellowship, FELLOWSHIP_AT_MOST)) problems.push(`The fellowship_minutes must be 0 to ${FELLOWSHIP_AT_MOST}.`);
  if (problems.length) return { script: null, problems: problems.slice(0, FAULTS_SHOWN) };
  const title = isText(found.title) ? found.title : "";
  return { script: { title, minutes: isWhole(found.minutes, 180) ? found.minutes : 0, fellowship_minutes: fellowship, phases }, problems: [] };
}

/** The text of the file for a script. */
export function writeScript({ title, minutes, fellowship_minutes, phases }) {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, title, minutes, fellowship_minutes, phases }, null, 1)}\n`;
}
