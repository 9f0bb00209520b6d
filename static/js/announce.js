/**
 * Says brief things to screen readers, politely.
 *
 * `createAnnouncer(region, later)`: what comes within a short while is said together. `region` has role="status".
 */
const GATHER_MS = 400;

export function createAnnouncer(region, later) {
  let waiting = [];

  function speak() {
    region.textContent = waiting.join(" ");
    waiting = [];
  }

  return (sentence) => {
    if (!waiting.length) {
      region.textContent = "";
      later(speak, GATHER_MS);
    }
    if (!waiting.includes(sentence)) waiting.push(sentence);
  };
}
