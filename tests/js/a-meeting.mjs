/** A room with a course, as a snapshot holds it, for tests. */
export const MINUTE = 60000;

export const QUIET = { title: "Reading", mode: "host", crosstalk: "none", minutes: 5, kind: "plain" };
export const SHARES = { title: "Shares", mode: "floor", crosstalk: "none", minutes: 30, kind: "plain" };
export const OPEN = { title: "Closing", mode: "open", crosstalk: "open", minutes: 5, kind: "closing" };

export function hand(participant) {
  return { participant, nickname: participant[0].toUpperCase() + participant.slice(1) };
}

function course(more) {
  const none = { on_clock: false, topic: "", chips_open: false, fellowship_minutes: 0, fellowship: false, graced: false, text_waits: false };
  return { index: 1, started_at: 0, phase: SHARES, phases: 3, ...none, ...more };
}

function floor({ holder, queue = [], ...more }) {
  const held = holder ? { ...hand(holder), holder, share: 50, since_at: 0, share_ms: 4 * MINUTE } : {};
  const settings = { share_minutes: 4, first_shares_first: true, call_each: false, protect_minutes: 0 };
  return {
    ...{ holder: "", nickname: "", share: 0, since_at: 0, paused_at: 0, paused_ms: 0, share_ms: 0, typing_at: 0 },
    ...{ queue: queue.map(hand), queue_closed: false },
    ...settings,
    ...held,
    ...more,
  };
}

/** `me` is a participant called "me"; a desk is there when one is given. */
export function meeting({ me, phase, at = {}, people = {}, messages = [], chair = "", desk, starts_at = 0, ...more } = {}) {
  const mine = { participant: "me", role: "participant", muted_until: 0, mute_reason: "", reactions: {} };
  return {
    ...{ starts_at, ends_at: 60 * MINUTE, people, messages, chair, host_gone_at: 0 },
    me: { ...mine, invited: false, shared: 0, helper: "", holds_words: false, asked: false, unfinished: false, ...me },
    course: course({ ...(phase ? { phase } : {}), ...at }),
    floor: floor(more),
    ...(desk ? { desk } : {}),
  };
}
