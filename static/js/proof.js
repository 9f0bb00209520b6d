/**
 * A proof of work for the door: a number whose SHA-256 (FIPS 180-4) with the server's salt begins with so many zero bits.
 *
 * `sha256(text)` gives the eight words of the hash of a text of ASCII characters. `zeroBits(words)` counts the bits at its
 * beginning that are zero. `prove({salt, bits}, {now, later, tell})` gives a promise of the number, as a string; it works in
 * slices of `SLICE_MS`, so that the page stays alive, and calls `tell(part)` after each: a guess from 0 to 1 of how far it is.
 */
const SLICE_MS = 12;
const BEFORE_LOOKING = 64;
const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;

function isPrime(number) {
  for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) return false;
  return true;
}

function firstPrimes(count) {
  const found = [];
  for (let number = 2; found.length < count; number += 1) if (isPrime(number)) found.push(number);
  return found;
}

function fractionOf(root) {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

const PRIMES = firstPrimes(64);
const ROUNDS = Int32Array.from(PRIMES, (prime) => fractionOf(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fractionOf(Math.sqrt(prime)));
const schedule = new Int32Array(64);

function turned(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

function padded(text) {
  const blocks = Math.ceil((text.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const view = new DataView(new ArrayBuffer(blocks * BLOCK_BYTES));
  for (let index = 0; index < text.length; index += 1) view.setUint8(index, text.charCodeAt(index));
  view.setUint8(text.length, 0x80);
  view.setUint32(view.byteLength - 4, text.length * 8);
  return view;
}

function fill(view, from) {
  for (let index = 0; index < 16; index += 1) schedule[index] = view.getInt32(from + index * 4);
  for (let index = 16; index < 64; index += 1) {
    const early = schedule[index - 15];
    const late = schedule[index - 2];
    const first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    schedule[index] = schedule[index - 16] + first + schedule[index - 7] + second;
  }
}

function compress(state) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let index = 0; index < 64; index += 1) {
    const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + mixed + ((e & f) ^ (~e & g)) + ROUNDS[index] + schedule[index]) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] += word));
}

export function sha256(text) {
  const view = padded(text);
  const state = Int32Array.from(START);
  for (let from = 0; from < view.byteLength; from += BLOCK_BYTES) {
    fill(view, from);
    compress(state);
  }
  return state;
}

export function zeroBits(words) {
  const first = words.findIndex((word) => word !== 0);
  return first < 0 ? words.length * 32 : first * 32 + Math.clz32(words[first]);
}

export function prove({ salt, bits }, { now, later, tell }) {
  const usual = 2 ** bits;
  let tried = 0;

  function search() {
    const until = now() + SLICE_MS;
    while (tried % BEFORE_LOOKING || now() < until) {
      if (zeroBits(sha256(`${salt}:${tried}`)) >= bits) return String(tried);
      tried += 1;
    }
    return "";
  }

  return new Promise((resolve) => {
    function slice() {
      const found = search();
      if (found) {
        resolve(found);
        return;
      }
      tell(1 - Math.exp(-tried / usual));
      later(slice, 0);
    }
    slice();
  });
}
