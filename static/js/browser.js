/** What only the browser knows: the link in its address, the addresses of socket and page, timers, random ids, its events. */
import { formatLink, parseLink } from "./link.js";

const ID_BYTES = 9;

export const later = (action, ms) => setTimeout(action, ms);
export const cancel = (timer) => clearTimeout(timer);
/** Milliseconds since the page began, whatever is done to the clock of the device; a device that sleeps may stop it. */
export const steadyNow = () => performance.now();

/** Some programs write the `#` of a link as %23: all of it comes as a path then. */
const IN_PATH = /\/r(?:#|%(?:25)*23)(.*)$/i;

function linkInPath() {
  const found = IN_PATH.exec(location.pathname);
  return found && parseLink(`#${found[1]}`);
}

/** The address bar shows the page, with nothing that tells of the room but what is given. */
function showAddress(link) {
  const bare = new URL("r", location.href).pathname;
  history.replaceState(null, "", link ? `${bare}#${formatLink(link)}` : bare);
}

export const forgetLink = () => showAddress(null);

/** Kept for a reload: it leaves the address bar at once, and stays there where it cannot be stored. */
export function keepLink(storage, link) {
  showAddress(storage.useLink(link.secret, formatLink(link)) ? null : link);
}

/** The link of this tab, or null. */
export function takeLink(storage) {
  const link = parseLink(location.hash) || linkInPath() || parseLink(storage.get("link", ""));
  if (link) keepLink(storage, link);
  else forgetLink();
  return link;
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function socketUrl() {
  const url = new URL("ws", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

export function invitation(secret) {
  return `${location.origin}${location.pathname}#${secret}`;
}

/** A page that comes out of the browser's cache, or is given another link, is loaded anew. */
export function startAnew() {
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("hashchange", () => parseLink(location.hash) && location.reload());
}

/**
 * `look` when the connection may have changed, `lose` when the network is said to be gone, `leave` when someone leaves in a
 * hurry, `hide` when the page is put away.
 */
export function listen({ look, lose, leave, hide }) {
  window.addEventListener("online", look);
  window.addEventListener("offline", lose);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  window.addEventListener("leaving", leave);
  window.addEventListener("pagehide", hide);
}

/**
 * Keeps the room in the part of the screen that a keyboard leaves free: some phones lay the keyboard over the page.
 * The stylesheet reads `--seen`, the height that is seen, in pixels. Where one writes stays in sight. A page that was zoomed
 * in is left alone.
 */
export function followKeyboard() {
  const seen = window.visualViewport;
  if (!seen) return;
  seen.addEventListener("resize", () => {
    if (seen.scale > 1.01) return;
    document.documentElement.style.setProperty("--seen", `${seen.height}px`);
    if (!document.body.classList.contains("room")) return;
    window.scrollTo(0, 0);
    if (document.activeElement.matches("input, textarea")) document.activeElement.scrollIntoView({ block: "nearest" });
  });
}
