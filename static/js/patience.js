/**
 * Says that the connection is lost, but only when that lasts.
 *
 * `createPatience({later, cancel, tell})`: `lost(sentence)` may be called again and again, `back()` ends it. After 2 seconds,
 * and every 2 seconds from then on, `tell(sentence)` is given the last sentence of the server, or "".
 */
const PATIENCE_MS = 2000;

export function createPatience({ later, cancel, tell }) {
  let timer = null;
  let words = "";

  function speak() {
    timer = later(speak, PATIENCE_MS);
    tell(words);
  }

  return {
    lost(sentence) {
      words = sentence || words;
      timer = timer || later(speak, PATIENCE_MS);
    },
    back() {
      cancel(timer);
      timer = null;
      words = "";
    },
  };
}
