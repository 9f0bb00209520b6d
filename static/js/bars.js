/**
 * Counts as bars that read as text: `bars([{label, count, words, part, mine}])` lie, `columns([{urge, count, part}])` stand.
 * `part` is a length from 0 to 1; it is only ever seen, the numbers say the same.
 */
import { make } from "./dom.js";

function filled(dimension, part) {
  const bar = make("i");
  bar.style[dimension] = `${Math.round(part * 100)}%`;
  return bar;
}

export function bars(rows) {
  const items = rows.map(({ label, words, part, mine }) =>
    make(
      "li",
      {},
      make("span", {}, make("bdi", {}, label), ...(mine ? [" ", make("small", {}, mine)] : [])),
      make("b", {}, words),
      make("div", { class: "bar", "aria-hidden": "true" }, filled("width", part)),
    ),
  );
  return make("ul", { class: "bars" }, ...items);
}

export function columns(found) {
  const items = found.map(({ urge, count, part }) =>
    make(
      "div",
      {},
      make("b", {}, count ? String(count) : ""),
      make("div", { class: "bar" }, filled("height", part)),
      make("span", {}, String(urge)),
    ),
  );
  return make("div", { class: "columns", "aria-hidden": "true" }, ...items);
}
