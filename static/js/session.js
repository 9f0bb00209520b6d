/**
 * What this tab knows of the meeting: the door or the room, folded from frames. It knows no page and no connection.
 *
 * `createSession({secret, device, clock, storage, requests, outbox, onDoor, onChange, onNews})`: `take(frame)` is given every
 * frame; `device` is this browser's key for this room.
 * `onDoor(door, wasIn)` hears of the door, `onChange()` that there is something new to draw, `onNews(frame)` each entry after
 * it was folded.
 */
import { addEarlier, apply, shorten } from "./room.js";
import { gather } from "./rows.js";

/** From the start: longer than the longest meeting with all that may come after it. */
const SEAT_KEPT_MS = 6 * 3600 * 1000;
const HELD = "You were away and have a new seat now. Send it if you still want to.";

export function createSession({ secret, device, clock, storage, requests, outbox, onDoor, onChange, onNews }) {
  let room = null;
  let notes = [];
  let keptUntil = 0;

  function takeTime(now) {
    clock.set(now);
    storage.prune(now);
  }

  function atDoor(frame) {
    const wasIn = Boolean(room);
    takeTime(frame.now);
    keptUntil = frame.starts_at + SEAT_KEPT_MS;
    storage.keepDevice(secret, device, keptUntil);
    outbox.setOnline(false);
    room = null;
    notes = [];
    onDoor(frame, wasIn);
  }

  function knocking(frame) {
    storage.keepSeat(secret, frame.seat, keptUntil);
    requests.settle(frame);
  }

  function welcome(frame) {
    takeTime(frame.now);
    if (frame.room) room = frame.room;
    if (frame.seat) {
      storage.keepSeat(secret, frame.seat, room.starts_at + SEAT_KEPT_MS);
      outbox.hold(HELD);
    }
    const mine = room.messages.filter(({ by }) => by === room.me.participant);
    mine.forEach(({ origin_id }) => outbox.confirm(origin_id));
    room.me.held.forEach(keepHeld);
    requests.settle(frame);
    outbox.setOnline(true);
    onChange();
  }

  function entry(frame) {
    notes = gather(notes, frame, room);
    fold(frame);
    if (frame.event === "message_posted" && frame.by === room.me.participant) outbox.confirm(frame.origin_id);
    onNews(frame);
  }

  function fold(frame) {
    room = apply(room, frame);
    onChange();
  }

  /** What a moderator looks at first is not on its way any more; its words stay in this tab, as held.js says. */
  function keepHeld({ origin_id, text, state }) {
    const kept = storage.get("held", {});
    if (state === "waiting" && !kept[origin_id]) storage.set("held", { ...kept, [origin_id]: { text, open: true } });
    outbox.confirm(origin_id);
  }

  function personal(frame) {
    fold(frame);
    if (frame.event === "my_held") keepHeld(frame);
  }

  function heartbeat({ now }) {
    clock.set(now);
    outbox.settle();
    onChange();
  }

  const frames = { door: atDoor, knocking, welcome, entry, personal, crowd: fold, heartbeat, policy_trouble: onNews, moderator_link: onNews };

  return {
    take: (frame) => (frames[frame.is] || requests.settle)(frame),
    room: () => room,
    notes: () => notes,
    fold,
    addEarlier(frame) {
      room = addEarlier(room, frame);
      onChange();
    },
    shorten() {
      room = shorten(room);
    },
  };
}
