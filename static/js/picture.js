/**
 * The picture of the room: how often each feeling and each urge was named, never by whom. All pure.
 *
 * `feelingRows(picture, pictures)`: `[{label, count, part}]` in one order for all pictures that stand together; `part` is the
 * share of those who answered, 0 to 1. `urgeColumns(picture)`: `[{urge, count, part}]`; `urgeText(picture)` says it in words.
 */
export const FEELINGS = "calm hopeful grateful proud tired sad anxious angry lonely numb".split(" ");

export const FEW = "Fewer than five answered, so no picture is shown.";

const NUMBERS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"];

/** "Second check-in", by its place among those there were. */
export function titleOf(place) {
  return `${NUMBERS[place]} check-in`;
}

function people(count) {
  return count === 1 ? "1 person" : `${count} people`;
}

export function answersOf({ urges }) {
  return urges.reduce((sum, count) => sum + count, 0);
}

export function feelingRows(picture, pictures = [picture]) {
  const answers = answersOf(picture);
  const named = FEELINGS.filter((name) => pictures.some(({ feelings }) => feelings[name]));
  return named.map((label) => {
    const count = picture.feelings[label] || 0;
    return { label, count, part: count / answers };
  });
}

export function urgeColumns({ urges }) {
  const most = Math.max(...urges);
  return urges.map((count, urge) => ({ urge, count, part: count / most }));
}

export function urgeText({ urges }) {
  const said = urges.map((count, urge) => (count ? `${people(count)} ${urge}` : "")).filter(Boolean);
  return `The urge: ${said.join(", ")}.`;
}

/** What one answered oneself: "" when one did not. */
export function mineText(mine) {
  if (!mine) return "";
  if (!mine.feeling) return "You passed.";
  return `You answered ${mine.feeling}, and ${mine.urge} for the urge. Only you see this.`;
}

/** The closed check-ins to show together: this one, and the first one before it. */
export function together(rounds, id) {
  const index = rounds.findIndex(({ round }) => round === id);
  const before = rounds.slice(0, index).filter(({ open, picture }) => !open && picture)[0];
  return [...(before ? [before] : []), rounds[index]];
}
