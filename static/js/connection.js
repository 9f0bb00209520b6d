/**
 * The one connection to the server: it opens, watches and comes back. It knows frames and time, but no page and no room.
 *
 * `createConnection({open, hello, clock, random, onFrame, onState, onNewer})`: `open()` makes a WebSocket, `hello()` gives the fields
 * of the first frame, `clock` is `{now, later, cancel}` in milliseconds, `random()` is from 0 to 1. `onState(state, closing)`
 * hears "connecting", "online" (the server answered), "waiting" (until the next try) and "closed" (stays away); `closing` is
 * the server's last words, or null: a `closing` frame, or the `refused` frame that answered `hello`. `onNewer()` hears once
 * that the server speaks a newer version than this page. docs/protocol.md, "The connection", is the contract.
 */
/** The version of docs/protocol.md that this page speaks. */
export const PROTOCOL = 1;
const SILENCE_MS = 45000;
/** After how long a silence `check` doubts a connection in this state; others it leaves alone. */
const DOUBTED_AFTER_MS = { connecting: 5000, online: 30000, waiting: 0 };
const OPENING_MS = 15000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MOST_MS = 20000;
const STAY_AWAY = 4500;
const OPEN = 1;

export function createConnection({ open, hello, clock, random, onFrame, onState, onNewer }) {
  let socket = null;
  let timer = null;
  let heardAt = 0;
  let failures = 0;
  let attempt = 0;
  let position = "";
  let closing = null;
  let isOlder = false;
  let state = "";

  function become(next) {
    state = next;
    onState(next, closing);
  }

  function wake(ms, action) {
    clock.cancel(timer);
    timer = clock.later(action, ms);
  }

  function drop() {
    clock.cancel(timer);
    if (!socket) return;
    const old = socket;
    socket = null;
    old.onopen = old.onmessage = old.onclose = old.onerror = null;
    old.close();
  }

  function dial() {
    drop();
    closing = null;
    become("connecting");
    wake(OPENING_MS, () => lost(0));
    socket = open();
    attempt += 1;
    heardAt = clock.now();
    socket.onopen = () => transmit({ do: "hello", ...hello(), protocol: PROTOCOL, attempt, ...(position ? { position } : {}) });
    socket.onmessage = (event) => hear(JSON.parse(event.data));
    socket.onclose = (event) => lost(event.code);
  }

  function lost(code) {
    drop();
    if (code >= STAY_AWAY) {
      closing = closing || { code, name: "", sentence: "", detail: "", retry_after_seconds: 0 };
      become("closed");
      return;
    }
    const most = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** failures);
    failures += 1;
    wake(Math.max(closing ? closing.retry_after_seconds * 1000 : 0, random() * most), dial);
    become("waiting");
  }

  function listen() {
    const silent = clock.now() - heardAt;
    if (silent >= SILENCE_MS) lost(0);
    else wake(SILENCE_MS - silent, listen);
  }

  function hear(frame) {
    heardAt = clock.now();
    if (frame.is === "closing") {
      closing = frame;
      if (frame.code >= STAY_AWAY) lost(frame.code);
      return;
    }
    if (frame.is === "refused" && state === "connecting") {
      closing = frame;
      lost(0);
      return;
    }
    follow(frame);
    if (state !== "online" && (frame.is === "welcome" || frame.is === "door")) {
      failures = 0;
      listen();
      become("online");
    }
    onFrame(frame);
    if (frame.protocol > PROTOCOL && !isOlder) {
      isOlder = true;
      onNewer();
    }
  }

  function follow(frame) {
    if (frame.position) position = frame.position;
    if (frame.is === "door") position = "";
  }

  function transmit(command) {
    if (!socket || socket.readyState !== OPEN) return false;
    socket.send(JSON.stringify(command));
    return true;
  }

  return {
    start: dial,
    /** Sends a command, if the server is listening. */
    send: (command) => state === "online" && transmit(command),
    /** Something suggests that the connection may be dead, or possible again: look at once, and soon again. */
    check() {
      const isShut = state === "online" && socket.readyState !== OPEN;
      const patience = isShut ? 0 : DOUBTED_AFTER_MS[state];
      if (patience === undefined || clock.now() - heardAt < patience) return;
      failures = 0;
      dial();
    },
    /** The network is said to be gone. What is open counts as lost; the next try comes as after any loss. */
    lose() {
      if (state === "online" || state === "connecting") lost(0);
    },
    stop() {
      drop();
      state = "stopped";
    },
  };
}
