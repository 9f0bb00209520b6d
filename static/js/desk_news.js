/**
 * What a moderator is told beside the cases: what is new, in a few words, and after a hard moment a quiet question. Pure.
 *
 * `createDeskNews()`: `look(cases, now)` gives `{sentence, urgent}` when something came since the last look that told, at most
 * every 5 seconds unless it is `urgent`; null otherwise.
 *
 * `createAfterwards()`: `note(frame, me, now)` is given every entry; `asks(waiting)` says whether to ask how the moderator is:
 * after they saw to a concern, ended the calm or removed someone, once nothing waits; after `answered(now)` not for 10 minutes.
 */
const QUIET_MS = 5000;
const REST_MS = 600000;

const URGENT = new Set(["concern", "report"]);
const ONE = {
  concern: "Someone may need you.",
  held: "A message waits for a moderator.",
  report: "Someone asks the moderators to look at a message.",
  knock: "Someone is knocking.",
  guard: "The door takes care: many people came at once.",
};
const MANY = {
  concern: (count) => `${count} people may need you.`,
  held: (count) => `${count} messages wait for a moderator.`,
  report: (count) => `The moderators are asked to look at ${count} messages.`,
  knock: (count) => `${count} people are knocking.`,
};

function sentenceOf(fresh) {
  return Object.keys(ONE)
    .map((kind) => [kind, fresh.filter((one) => one.kind === kind).length])
    .filter(([, count]) => count)
    .map(([kind, count]) => (count > 1 ? MANY[kind](count) : ONE[kind]))
    .join(" ");
}

export function createDeskNews() {
  let known = new Set();
  let toldAt = -QUIET_MS;

  return {
    look(cases, now) {
      const fresh = cases.filter(({ key, kind }) => ONE[kind] && !known.has(key));
      const urgent = fresh.some(({ kind }) => URGENT.has(kind));
      if (!fresh.length || (!urgent && now - toldAt < QUIET_MS)) return null;
      known = new Set(cases.map(({ key }) => key));
      toldAt = now;
      return { sentence: sentenceOf(fresh), urgent };
    },
  };
}

const HARD = new Set(["concern_resolved", "posting_resumed", "removed"]);

export function createAfterwards() {
  let isDue = false;
  let restsUntil = 0;

  return {
    note({ event, by }, me, now) {
      if (HARD.has(event) && by === me && now >= restsUntil) isDue = true;
    },
    asks: (waiting) => isDue && !waiting.length,
    answered(now) {
      isDue = false;
      restsUntil = now + REST_MS;
    },
  };
}
