/** The three links of a room just opened. They exist on this page only, and leave it with the page. */
import { copyButton } from "./copy.js";
import { enter } from "./enter.js";
import { drawQr } from "./qr.js";

const part = (id) => document.getElementById(id);
const DOORS_BEFORE_MS = 15 * 60 * 1000;
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** Doors that opened with the room did so later than they usually do: no clock is asked, this device's may be wrong. */
function timesOf(room) {
  const isEarly = room.doors_at + DOORS_BEFORE_MS <= room.starts_at;
  const doors = isEarly ? `The doors open at ${clock(room.doors_at)}. ` : "The doors are open. ";
  return `${doors}The meeting starts at ${clock(room.starts_at)} and ends at ${clock(room.ends_at)}, your time.`;
}

function showLink(name, link, onCopied) {
  part(`${name}-link`).textContent = link;
  copyButton(part(`${name}-copy`), () => link, onCopied);
  const share = part(`${name}-share`);
  if (!share || !navigator.share) return;
  share.hidden = false;
  share.addEventListener("click", () => {
    navigator.share({ title: "Meeting", url: link }).catch(() => {});
  });
}

/** Warns before the page is left, until the function it returns is called. */
function warnBeforeLeaving() {
  const warn = (event) => {
    event.preventDefault();
    event.returnValue = "";
  };
  window.addEventListener("beforeunload", warn);
  return () => window.removeEventListener("beforeunload", warn);
}

function eraseWithThePage(result) {
  window.addEventListener("pagehide", () => result.remove());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

/** Fills and shows the result. `room` is the answer of POST api/rooms, `page` the address of the room page. */
export function showLinks(room, page) {
  const invitation = `${page}#${room.secret}`;
  const calm = warnBeforeLeaving();
  const result = part("result");
  window.addEventListener("leaving", calm);
  part("result-times").textContent = timesOf(room);
  showLink("host", `${invitation}.${room.host_token}`, calm);
  showLink("moderator", `${invitation}.${room.moderator_token}`);
  showLink("participant", invitation);
  part("result-code").textContent = room.secret.replace(/-/g, " ");
  copyButton(part("code-copy"), () => room.secret.replace(/-/g, " "));
  part("result-qr").append(drawQr(room.qr, "QR code of the invitation"));
  part("go-in").addEventListener("click", () => {
    calm();
    enter({ secret: room.secret, token: room.host_token }, page);
  });
  eraseWithThePage(result);
  result.hidden = false;
  window.scrollTo(0, 0);
  part("result-title").focus({ preventScroll: true });
}
