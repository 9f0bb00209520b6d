/**
 * The only module that stores anything in the browser.
 *
 * `createStorage(sessionStore, localStore)`: the session store holds what a reload of this tab needs (link, draft and
 * whether it was prepared, its content note, drafts of private lines, unsent messages, what one does not want to see, hints
 * given, the Enter setting). The local store holds `{tag: {seat, until, page, device}}`, so that a second tab takes over the
 * seat, and the server knows which is newer: `page` counts those that were opened; `device` is the key by which the room knows
 * this browser again. `tag` is a hash of 16 bits, so the room's secret is never there. `until` is the server's time in
 * milliseconds: a device's clock may be hours wrong, so only `prune(now)`, given the server's time, deletes what has passed. It
 * also holds what a person asks this device to keep beyond the meeting: a goal, a day. `browserStore(name)` is the browser's
 * store, or one in memory where there is none: its `vanishes` says that nothing in it outlives the page.
 */
const PREFIX = "meeting:";
const SEATS = `${PREFIX}seats`;
const ERASED = `${PREFIX}erased`;
const SESSION_KEYS = "link typed tried draft prepared topic private unsent held hidden uncovered cared hinted enter shortcuts".split(" ");

let isErased = false;

/** FNV-1a, folded to 16 bits, in hexadecimal. */
export function tagOf(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return ((hash >>> 16) ^ (hash & 0xffff)).toString(16).padStart(4, "0");
}

export function memoryStore() {
  const kept = new Map();
  return {
    getItem: (key) => (kept.has(key) ? kept.get(key) : null),
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    vanishes: true,
  };
}

export function browserStore(name) {
  try {
    const store = window[name];
    store.setItem(`${PREFIX}probe`, "1");
    store.removeItem(`${PREFIX}probe`);
    return store;
  } catch (refused) {
    return memoryStore();
  }
}

/** Erases all we have ever stored in this browser, and tells its other tabs; from then on this page stores nothing. */
export function eraseAll() {
  isErased = true;
  for (const name of ["sessionStorage", "localStorage"]) {
    try {
      const store = window[name];
      store.setItem(ERASED, "1");
      Object.keys(store)
        .filter((key) => key.startsWith(PREFIX))
        .forEach((key) => store.removeItem(key));
    } catch (refused) {
      // A browser that refuses storage has stored nothing.
    }
  }
}

/** `action()` when another tab has erased all. */
export function onErased(action) {
  window.addEventListener("storage", ({ key, newValue }) => key === ERASED && newValue && action());
}

function read(store, key, otherwise) {
  try {
    const value = JSON.parse(store.getItem(key));
    return value === null ? otherwise : value;
  } catch (unreadable) {
    return otherwise;
  }
}

function write(store, key, value) {
  try {
    if (value === null || value === "") store.removeItem(key);
    else if (!isErased) store.setItem(key, JSON.stringify(value));
  } catch (full) {
    // A full store keeps what it has; the page goes on without.
  }
}

export function createStorage(sessionStore, localStore) {
  let page = 0;

  function seats() {
    return Object.fromEntries(Object.entries(read(localStore, SEATS, {})).filter(([, entry]) => entry));
  }

  function writeSeats(all) {
    write(localStore, SEATS, Object.keys(all).length ? all : null);
  }

  function forgetTab() {
    for (const name of SESSION_KEYS) write(sessionStore, PREFIX + name, null);
  }

  function change(secret, fields) {
    const all = seats();
    writeSeats({ ...all, [tagOf(secret)]: { ...all[tagOf(secret)], ...fields } });
  }

  return {
    /** Deletes the seats whose time has passed: `now` is the server's. */
    prune(now) {
      writeSeats(Object.fromEntries(Object.entries(seats()).filter(([, { until }]) => until > now)));
    },
    /** Whether a reload will find it. What was kept for another meeting is not carried over. */
    useLink(secret, link) {
      const before = read(sessionStore, `${PREFIX}link`, "");
      if (before && before.split(".")[0] !== secret) forgetTab();
      write(sessionStore, `${PREFIX}link`, link);
      return !sessionStore.vanishes && read(sessionStore, `${PREFIX}link`, "") === link;
    },
    get: (name, otherwise = null) => read(sessionStore, PREFIX + name, otherwise),
    set: (name, value) => write(sessionStore, PREFIX + name, value),
    seat(secret) {
      return (seats()[tagOf(secret)] || {}).seat || "";
    },
    keepSeat(secret, seat, until) {
      change(secret, { seat, until, ...(page ? { page } : {}) });
    },
    /** The key of this device for this room, "" before there is one. */
    device(secret) {
      return (seats()[tagOf(secret)] || {}).device || "";
    },
    keepDevice(secret, device, until) {
      change(secret, { device, until });
    },
    /** The number of this page among those that were opened for the seat. */
    openPage(secret) {
      const entry = seats()[tagOf(secret)];
      page = entry ? (entry.page || 0) + 1 : 0;
      if (entry) change(secret, { page });
      return page;
    },
    kept: (name) => read(localStore, PREFIX + name, null),
    keep: (name, value) => write(localStore, PREFIX + name, value),
    /** Everything about this room. */
    forget(secret) {
      forgetTab();
      const { [tagOf(secret)]: gone, ...others } = seats();
      writeSeats(others);
    },
  };
}
