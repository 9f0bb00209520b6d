/**
 * Goes into a room without a word of its link in the browser's history: the link is handed over in this tab's store.
 *
 * `enter({secret, token}, page)`: `page` is the address of the room page. Where nothing can be stored, the link goes with it.
 */
import { formatLink } from "./link.js";
import { browserStore, createStorage } from "./storage.js";

function storage() {
  return createStorage(browserStore("sessionStorage"), browserStore("localStorage"));
}

export function enter(link, page) {
  const written = formatLink(link);
  storage().useLink(link.secret, written);
  const isKept = storage().get("link") === written;
  location.assign(isKept ? page : `${page}#${written}`);
}
