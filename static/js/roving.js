/**
 * One Tab stop for many buttons: the newest is reached by Tab, the others from it with the arrow keys.
 *
 * `createRoving(container, selector)`: the function it returns is called after each change. Follows the roving tabindex of
 * the WAI-ARIA authoring practices.
 */
const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export function createRoving(container, selector) {
  let current = null;

  function buttons() {
    return Array.from(container.querySelectorAll(selector)).filter((node) => !node.hidden);
  }

  function choose(node) {
    if (current) current.tabIndex = -1;
    current = node;
    if (current) current.tabIndex = 0;
  }

  container.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) || !event.target.matches(selector)) return;
    const all = buttons();
    const next = all.indexOf(event.target) + STEPS[event.key];
    event.preventDefault();
    choose(all[Math.min(all.length - 1, Math.max(0, next))]);
    current.focus();
  });

  return () => {
    if (current && current === document.activeElement) return;
    const all = buttons();
    choose(all[all.length - 1] || null);
  };
}
