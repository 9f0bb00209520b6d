/**
 * Words that were not sent when the meeting ended: on its last page they can be copied. They are in this page alone, and go when
 * it is left, and after ten minutes at the latest.
 *
 * `unsentOf({field, drafts, items})` is all of them as one text: what the field holds, drafts of private lines by their ids, what
 * waits in the outbox. `showUnsent(text, parts, later)` shows it.
 */
import { copyButton } from "./copy.js";

const KEPT_MS = 10 * 60000;

export function unsentOf({ field, drafts, items }) {
  const waiting = items.filter(({ state }) => state !== "sent").map(({ text }) => text);
  return [...waiting, field, ...Object.values(drafts)].map((text) => text.trim()).filter(Boolean).join("\n\n");
}

export function showUnsent(text, { part, words, copy }, later) {
  let kept = text;

  function wipe() {
    kept = "";
    words.textContent = "";
    part.hidden = true;
  }

  if (!text) return;
  words.textContent = text;
  part.hidden = false;
  copyButton(copy, () => kept);
  window.addEventListener("pagehide", wipe);
  window.addEventListener("leaving", wipe);
  later(wipe, KEPT_MS);
}
