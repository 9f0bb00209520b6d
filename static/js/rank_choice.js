/**
 * An order of preference by buttons: `createRankChoice(options, announce)` gives `{element, value()}`. Who moves an option by
 * keyboard keeps it under the finger.
 */
import { make } from "./dom.js";
import { move, toggle } from "./ranking.js";

export function createRankChoice(options, announce) {
  const element = make("ul", { class: "ranks" });
  let order = [];

  function step(option, next, button) {
    order = next;
    draw();
    const name = options[option];
    announce(order.includes(option) ? `${name} is your number ${order.indexOf(option) + 1}.` : `${name} is taken out.`);
    const again = element.querySelector(`[data-option="${option}"]`);
    (again.querySelector(`[data-act="${button}"]:not(:disabled)`) || again.querySelector("button")).focus();
  }

  function act(option, name, text, label, next, disabled) {
    const attributes = { type: "button", class: "plain", "data-act": name, "aria-label": label, disabled };
    return make("button", { ...attributes, click: () => step(option, next(), name) }, text);
  }

  function rowOf(option) {
    const name = options[option];
    const place = order.indexOf(option);
    const isIn = place >= 0;
    const verb = isIn ? "Take out" : "Choose";
    const choose = act(option, "choose", verb, `${verb}: ${name}`, () => toggle(order, option), false);
    const moves = [
      act(option, "up", "\u2191", `Move up: ${name}`, () => move(order, option, -1), place === 0),
      act(option, "down", "\u2193", `Move down: ${name}`, () => move(order, option, 1), place === order.length - 1),
    ];
    const words = make("span", { class: "grow" }, ...(isIn ? [make("b", {}, `${place + 1}. `)] : []), make("bdi", {}, name));
    const tools = make("span", { class: "row" }, ...(isIn ? moves : []), choose);
    return make("li", { class: isIn ? "chosen" : "", "data-option": option }, words, tools);
  }

  function draw() {
    const others = options.map((_, option) => option).filter((option) => !order.includes(option));
    element.replaceChildren(...[...order, ...others].map(rowOf));
  }

  draw();
  return { element, value: () => order };
}
