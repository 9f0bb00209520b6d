/**
 * A QR code as one SVG path.
 *
 * `drawQr(rows, label) -> SVGElement`: `rows` are strings of "0" and "1", one a module row, without the quiet zone;
 * four modules of it are added, as ISO/IEC 18004 asks.
 */
const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;

export function drawQr(rows, label) {
  const size = rows.length + 2 * QUIET;
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "qr");
  picture.setAttribute("viewBox", `0 0 ${size} ${size}`);
  picture.setAttribute("shape-rendering", "crispEdges");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", label);
  const dark = document.createElementNS(SVG, "path");
  const steps = rows.map((row, y) =>
    Array.from(row.matchAll(/1+/g), (run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`).join(""),
  );
  dark.setAttribute("d", steps.join(""));
  picture.append(dark);
  return picture;
}
