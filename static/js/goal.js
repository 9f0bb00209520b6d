/**
 * The life of a small goal, all pure. It is kept on this device as `{text, meeting}`, where `meeting` is a short tag of the
 * meeting it was written in, until the device asks how it went in another one.
 *
 * `goalNow(goal, meeting, isClosing)`: "ask" about one of an earlier meeting, "mine" for the one of this meeting, "write" when
 * there is room for one, or "".
 */
export function goalNow(goal, meeting, isClosing) {
  if (goal && goal.meeting !== meeting) return "ask";
  if (goal) return "mine";
  return isClosing ? "write" : "";
}

/** Whether the meeting is at its closing. */
export function isClosing({ course }) {
  return course.phase.kind === "closing" || course.fellowship;
}

/** How it went, and kind words for each: `[answer, words]`. */
export const ANSWERS = [
  ["Done", "Well done. You set out to do it, and you did."],
  ["Partly", "Part of the way is a way. Thank you for trying."],
  ["Not yet", "That is all right. It was a hope, not a debt. You are here, and that counts."],
  ["I would rather forget it", "It is forgotten. You can begin again whenever you like."],
];
