/**
 * Goes into a room without a word of its link in the browser's history: the link is handed over in this tab's store.
 *
 * `enter({secret, token}, page, isTyped)`: `page` is the address of the room page. Where nothing can be stored, the link goes with
 * it. `isTyped`: whoever typed it can look at the words again when there is no such room. `takeTyped()` gives them, once.
 */
import { formatLink } from "./link.js";
import { browserStore, createStorage } from "./storage.js";

function storage() {
  return createStorage(browserStore("sessionStorage"), browserStore("localStorage"));
}

export function takeTyped() {
  const store = storage();
  const words = store.get("tried", "");
  store.set("tried", null);
  return words;
}

export function enter(link, page, isTyped = false) {
  const written = formatLink(link);
  const store = storage();
  const isKept = store.useLink(link.secret, written);
  store.set("typed", isTyped || null);
  location.assign(isKept ? page : `${page}#${written}`);
}
