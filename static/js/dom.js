/** Small helpers for the page: elements are only ever made here or cloned from the template. */
import { sentence } from "./direction.js";

/** Where people write the browser finds out the direction, and so it does in `bdi` and with `dir="auto"`: for their words alone. */
const FIELD = /^(textarea|input text)$/;

function isTheirs(node) {
  return node.tagName === "BDI" || node.dir === "auto";
}

/** An element. Attribute values that are functions become listeners; false and null are left out. A text is a sentence of ours. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  }
  if (FIELD.test(tag === "input" ? `input ${node.type}` : tag)) node.dir = "auto";
  node.append(...children.map((child) => (typeof child === "string" && !isTheirs(node) ? sentence(child) : child)));
  return node;
}

export function button(text, click, className = "") {
  return make("button", { type: "button", class: className, click }, text);
}

export function byId(id) {
  return document.getElementById(id);
}

/** Elements by the names they have here: `{name: id after the prefix}`. */
export function named(prefix, names) {
  return Object.fromEntries(Object.entries(names).map(([name, id]) => [name, byId(prefix + id)]));
}

const written = new WeakMap();

/**
 * The text of an element, and nothing else in it, written anew when it is another than was written last. What stands there is not
 * asked: a browser that translates the page has put words and elements of its own in place of ours.
 */
export function setText(node, text) {
  if (written.get(node) === text) return;
  written.set(node, text);
  node.textContent = isTheirs(node) ? text : sentence(text);
}

/** Shows a sentence, or hides the element when there is none. */
export function say(node, text) {
  setText(node, text);
  node.hidden = !text;
}

/** `draw(...)`, but only when one of `partsOf(...)` is another than at the last drawing. */
export function whenChanged(partsOf, draw) {
  let before = [];
  return (...args) => {
    const parts = partsOf(...args);
    if (before.length && parts.every((part, index) => part === before[index])) return;
    before = parts;
    draw(...args);
  };
}

let numbered = 0;

export function freshId(name) {
  numbered += 1;
  return `${name}-${numbered}`;
}
