/**
 * An accessible sheet: from below on a phone, a centred panel on a desktop.
 *
 * `openSheet(element, {label, onClose, stays}) -> close()`. `label` becomes the visible heading, so `element` needs none.
 * `closeSheets()` closes all but those that stay, the last first.
 * A node that already stands in the page is borrowed and goes back to its place on closing. Sheets may be stacked.
 * Tab stays inside, Escape, the dark area and the Close button close, focus returns to where it was.
 * Follows the modal dialog pattern of the WAI-ARIA authoring practices. The page's header stays visible and usable by touch;
 * for the keyboard and screen readers the sheet ends with its own "Leave now".
 */
import { sentence } from "./direction.js";

const FOCUSABLE = ["a[href]", "summary", "[tabindex='0']"]
  .concat(["button", "input", "select", "textarea"].map((tag) => `${tag}:not([disabled])`))
  .join();
const BELOW_HEADER_PX = 12;
const open = [];
const closing = new Map();
let numbered = 0;

function make(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text || "";
  return node;
}

function button(className, text, onClick) {
  const node = make("button", className, text);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

function hideBehind(except) {
  const kept = new Set(["HEADER", "SCRIPT", "TEMPLATE", "STYLE"]);
  const nodes = Array.from(document.body.children).filter(
    (node) => node !== except && !kept.has(node.tagName) && !node.hasAttribute("data-always") && !node.hasAttribute("inert"),
  );
  for (const node of nodes) {
    node.setAttribute("inert", "");
    node.setAttribute("aria-hidden", "true");
  }
  return () => {
    for (const node of nodes) {
      node.removeAttribute("inert");
      node.removeAttribute("aria-hidden");
    }
  };
}

function lockScroll() {
  const root = document.documentElement;
  if (!open.length) {
    document.body.style.paddingRight = `${Math.max(0, window.innerWidth - root.clientWidth)}px`;
    root.classList.add("locked");
  }
  return () => {
    if (open.length) return;
    document.body.style.paddingRight = "";
    root.classList.remove("locked");
  };
}

/** The page's header lies over sheets: keeps them below it, however tall it is. */
function stayBelowHeader(back) {
  const header = document.querySelector("body > header");
  const stay = () => (back.style.paddingTop = `${header.getBoundingClientRect().bottom + BELOW_HEADER_PX}px`);
  const watch = new ResizeObserver(stay);
  if (header) watch.observe(header);
  return () => watch.disconnect();
}

function keepFocusIn(panel, event) {
  const nodes = Array.from(panel.querySelectorAll(FOCUSABLE)).filter((node) => node.getClientRects().length);
  const first = nodes[0];
  const last = nodes[nodes.length - 1];
  const here = document.activeElement;
  if (event.shiftKey && (here === first || here === panel)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && here === last) {
    event.preventDefault();
    first.focus();
  }
}

export function openSheet(element, { onClose, label, stays = false } = {}) {
  const before = document.activeElement;
  const place = element.parentNode ? document.createComment("") : null;
  if (place) element.parentNode.replaceChild(place, element);

  const back = make("div", "sheet-back");
  const panel = make("div", "sheet");
  const head = make("div", "sheet-head");
  const heading = make("h2", "grow", sentence(label));
  heading.id = `sheet-${(numbered += 1)}`;
  panel.tabIndex = -1;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-modal", "true");
  panel.setAttribute("aria-labelledby", heading.id);
  head.append(heading, button("plain", "Close", close));
  panel.append(head, element);
  const exit = document.querySelector("header .exit");
  if (exit) panel.append(button("exit when-focused", "Leave now", () => exit.click()));
  back.append(panel);

  const unlock = lockScroll();
  const show = hideBehind(back);
  open.push(back);
  if (!stays) closing.set(back, close);
  document.body.append(back);
  const rest = stayBelowHeader(back);
  panel.focus();

  function close() {
    const index = open.indexOf(back);
    if (index < 0) return;
    open.splice(index, 1);
    closing.delete(back);
    document.removeEventListener("keydown", onKey, true);
    show();
    unlock();
    rest();
    if (place && place.parentNode) place.parentNode.replaceChild(element, place);
    back.remove();
    if (before && before.isConnected) before.focus({ preventScroll: true });
    if (onClose) onClose();
  }

  function onKey(event) {
    if (open[open.length - 1] !== back) return;
    if (event.key === "Tab") keepFocusIn(panel, event);
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
  }

  document.addEventListener("keydown", onKey, true);
  back.addEventListener("click", (event) => {
    if (event.target === back) close();
  });
  const still = (event) => {
    if (event.target === back || panel.scrollHeight <= panel.clientHeight) event.preventDefault();
  };
  back.addEventListener("touchmove", still, { passive: false });
  return close;
}

export function closeSheets() {
  Array.from(closing.values()).reverse().forEach((close) => close());
}
