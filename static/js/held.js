/**
 * One's own words that a moderator looks at before they are said. The server forgets those that are rejected, so session.js keeps
 * them in this tab from the moment they wait, as `{origin_id: {text, open, away}}`: `open` until one is told what was decided,
 * `away` once they were put away.
 *
 * `createHeld(storage)`: `items(room)` are those to show below what was said, as `{origin_id, held, kind, text, state,
 * sentence}`; `state` is "waiting" or "rejected". `putAway(origin_id)` shows them no more. `newsOf(room)` are sentences about
 * what was decided and not told yet; what was accepted leaves the list of the held, and is said.
 */
import { isolate } from "./direction.js";

const LOST = "The words are not in this tab any more.";
const ACCEPTED = "A moderator has let your message through. Everyone can read it now.";

function sentenceOf({ state, reason }) {
  if (state === "waiting") return "A moderator looks at this first. Until then only you and the moderators see it.";
  return `Not sent. ${reason ? `A moderator says: ${isolate(reason)}` : "A moderator chose not to let it through."}`;
}

export function createHeld(storage) {
  let drawn = { held: null, items: [] };

  const kept = () => storage.get("held", {});

  /** What is kept of one from now on; nothing when null. */
  function change(id, entry) {
    const { [id]: before, ...others } = kept();
    const all = entry ? { ...others, [id]: entry } : others;
    storage.set("held", Object.keys(all).length ? all : null);
    drawn = { held: null, items: [] };
  }

  function itemsOf(all) {
    const words = kept();
    const shown = all.filter(({ origin_id }) => !(words[origin_id] || {}).away);
    return shown.map((one) => {
      const text = one.text || (words[one.origin_id] || {}).text || LOST;
      return { ...one, text, sentence: sentenceOf(one) };
    });
  }

  return {
    items({ me: { held } }) {
      if (drawn.held !== held) drawn = { held, items: itemsOf(held) };
      return drawn.items;
    },
    putAway: (id) => change(id, { away: true }),
    newsOf({ me, messages }) {
      const words = kept();
      const isOpen = ({ origin_id }) => Boolean((words[origin_id] || {}).open);
      const rejected = me.held.filter((one) => one.state === "rejected" && isOpen(one));
      const said = messages.filter((one) => one.by === me.participant && isOpen(one));
      rejected.forEach(({ origin_id }) => change(origin_id, { text: words[origin_id].text }));
      said.forEach(({ origin_id }) => change(origin_id, null));
      return [...rejected.map((one) => `${sentenceOf(one)} Your words are still here for you.`), ...said.map(() => ACCEPTED)];
    },
  };
}
