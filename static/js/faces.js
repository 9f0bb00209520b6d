/**
 * A face for a participant: a soft shape of colour with a small mark, both from the nickname alone.
 *
 * `face(nickname) -> Element` of class "face", hidden from screen readers: the name stands beside it.
 */
const SVG = "http://www.w3.org/2000/svg";
const HUES = 15;
const SHAPES = ["50% 50% 46% 54% / 52% 48% 52% 48%", "54% 46% 52% 48% / 46% 54% 46% 54%", "46% 54% 50% 50% / 56% 50% 50% 44%"];
const MARKS = [
  "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 3v1M12 20v1M3 12h1M20 12h1",
  "M6 18C6 10 10 6 18 6C18 14 14 18 6 18ZL14 10",
  "M4 10q4-4 8 0t8 0M4 15q4-4 8 0t8 0",
  "M3 18L9 8L13 14L16 10L21 18Z",
  "M16 4a8 8 0 1 0 4 11a7 7 0 0 1-4-11Z",
  "M12 4c4 5 5 7 5 10a5 5 0 0 1-10 0c0-3 1-5 5-10Z",
  "M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0-14M12 10a2 2 0 1 0 0 4a2 2 0 1 0 0-4",
  "M12 20v-9M12 13C7 13 5 10 5 6C10 6 12 9 12 13C12 9 14 6 19 6C19 10 17 13 12 13",
];

/** FNV-1a over the name's characters, mixed once more: a number of 32 bits. */
function numberOf(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

export function face(nickname) {
  const number = numberOf(nickname);
  const node = document.createElement("span");
  node.className = "face";
  node.setAttribute("aria-hidden", "true");
  node.style.setProperty("--hue", String(((number % HUES) * 360) / HUES));
  node.style.borderRadius = SHAPES[(number >>> 8) % SHAPES.length];
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  const mark = document.createElementNS(SVG, "path");
  mark.setAttribute("d", MARKS[(number >>> 16) % MARKS.length]);
  picture.append(mark);
  node.append(picture);
  return node;
}
