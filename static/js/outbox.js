/**
 * One's own words on their way: one at a time, in the order they were written, never lost.
 *
 * `createOutbox({send, newId, later, kept, keep, onChange})`: `kept` are the items of before a reload, `keep(items)` stores
 * them. An item is `{origin_id, text, state, sentence, code}`, with `line` for words in a private line or, as `direct-`
 * and the other's id, in a direct one; those for everyone may have a `topic`, their content note, and `anyway`, sent although a
 * nudge was read. `state` is "sending", "sent" (answered, its entry is still to come) or "refused", with the `reason` of a policy
 * besides. `later(action, ms)` waits. docs/protocol.md: the same origin_id is safe to send again.
 */
const AGAIN = new Set(["slow_down", "room_busy", "reconnecting"]);
const AGAIN_MS = 2000;
export const DIRECT = "direct-";

/** Whether these are words for everyone. */
export function isPost({ line }) {
  return line === undefined;
}

function commandOf({ origin_id, text, line, topic, anyway }) {
  if (line === undefined) return { do: "post", origin_id, text, ...(topic ? { topic } : {}), ...(anyway ? { anyway } : {}) };
  if (line.startsWith(DIRECT)) return { do: "say_direct", participant: line.slice(DIRECT.length), origin_id, text };
  return { do: "say_privately", line, origin_id, text };
}

export function createOutbox({ send, newId, later, kept, keep, onChange }) {
  let items = kept.filter(({ state }) => state !== "sent");
  let online = false;
  let flying = "";
  let resting = false;
  let slowed = false;

  function set(next) {
    items = next;
    keep(items);
    onChange(items);
  }

  function change(id, fields) {
    set(items.map((item) => (item.origin_id === id ? { ...item, ...fields } : item)));
  }

  function remove(id) {
    if (items.some((item) => item.origin_id === id)) set(items.filter((item) => item.origin_id !== id));
  }

  function pump() {
    const next = items.find((item) => item.state === "sending" && !(slowed && isPost(item)));
    if (!next || !online || flying || resting) return;
    flying = next.origin_id;
    send(commandOf(next), (frame) => answered(next.origin_id, frame));
  }

  function answered(id, frame) {
    flying = "";
    if (frame.is === "done") change(id, { state: "sent" });
    else if (frame.code === "offline") return;
    else if (AGAIN.has(frame.code)) rest(frame.retry_after_seconds * 1000 || AGAIN_MS);
    else if (frame.code === "slow_mode") slowDown(frame.retry_after_seconds * 1000);
    else refuse(id, frame.code, [frame.sentence, frame.detail].filter(Boolean).join(" "), frame.detail);
    pump();
  }

  function refuse(id, code, sentence, reason = "") {
    change(id, { state: "refused", code, sentence, reason });
  }

  /** In slow mode only the words for everyone wait. */
  function slowDown(ms) {
    slowed = true;
    later(() => {
      slowed = false;
      pump();
    }, ms);
  }

  function rest(ms) {
    resting = true;
    later(() => {
      resting = false;
      pump();
    }, ms);
  }

  return {
    items: () => items,
    post(text, more = {}) {
      set([...items, { origin_id: newId(), text, state: "sending", code: "", sentence: "", ...more }]);
      pump();
    },
    setOnline(now) {
      online = now;
      pump();
    },
    /** The entry of this post has come. */
    confirm: remove,
    /** The entry of whatever was answered has come, or came before this page was opened. */
    settle() {
      if (items.some(({ state }) => state === "sent")) set(items.filter(({ state }) => state !== "sent"));
    },
    retry(id) {
      const item = items.find(({ origin_id }) => origin_id === id);
      if (!item) return;
      const fresh = item.code === "origin_reused" ? newId() : id;
      change(id, { origin_id: fresh, state: "sending", code: "", sentence: "" });
      pump();
    },
    /** Gives the item back. */
    takeBack(id) {
      const item = items.find(({ origin_id }) => origin_id === id);
      remove(id);
      return item || { text: "" };
    },
    /** What is still here was written in another seat: ask before it is sent. */
    hold(sentence) {
      items.filter(({ state }) => state === "sending").forEach(({ origin_id }) => refuse(origin_id, "held", sentence));
    },
    /** Nothing is sent or kept from now on. */
    stop() {
      online = false;
      items = [];
    },
  };
}
