/**
 * What this person wants to see: words with a content note are covered until they are shown, and someone may be hidden just for
 * oneself. Kept in this tab only, for this meeting.
 *
 * `createSight(storage, redraw)`: `coverOf(message, me)` is the topic a message is covered for, or ""; `hushOf(message, me)` is
 * why only a quiet line stands for it: "hidden", "redacted", "taken" (one's own), "reported", "veiled" or "". `show(id)` uncovers one message. `hide(person, isHidden)`
 * and `cover(topic, isCovered)` change the choices, which `hidden()`, nicknames by participant, and `covers(topic)` give.
 */
export const TOPICS = {
  self_harm: "self-harm or suicide",
  drugs: "drugs or alcohol",
  violence: "violence",
  abuse: "abuse",
  eating: "eating and the body",
  death: "death and grief",
  other: "something hard to read",
};

export function createSight(storage, redraw) {
  const shown = new Set();
  let hidden = storage.get("hidden", {});
  let uncovered = storage.get("uncovered", []);

  return {
    hidden: () => hidden,
    covers: (topic) => !uncovered.includes(topic),
    coverOf({ id, topic, by }, me) {
      return !topic || by === me.participant || uncovered.includes(topic) || shown.has(id) ? "" : topic;
    },
    hushOf({ by, nickname, veiled, reported, gone }, me) {
      if (hidden[by] !== undefined) return "hidden";
      if (gone === "redacted" && !nickname) return by === me.participant ? "taken" : "redacted";
      if (reported) return "reported";
      return veiled && me.role === "participant" ? "veiled" : "";
    },
    show(id) {
      shown.add(id);
      redraw();
    },
    hide({ id, nickname }, isHidden) {
      const { [id]: gone, ...others } = hidden;
      hidden = isHidden ? { ...others, [id]: nickname } : others;
      storage.set("hidden", Object.keys(hidden).length ? hidden : null);
      redraw();
    },
    cover(topic, isCovered) {
      const others = uncovered.filter((other) => other !== topic);
      uncovered = isCovered ? others : [...others, topic];
      storage.set("uncovered", uncovered.length ? uncovered : null);
      redraw();
    },
  };
}
