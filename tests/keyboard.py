"""A person with a keyboard alone, and what a screen reader is given in the meantime."""

from browser import Person
from playwright.async_api import Locator

MOST_TABS = 80
HEAR = """() => {
  window.told = [];
  const said = document.getElementById("said");
  new MutationObserver(() => said.textContent && window.told.push(said.textContent)).observe(said, { childList: true });
}"""
LISTEN = """() => {
  window.spoken = [];
  const live = (node) => node.closest("[aria-live]").getAttribute("aria-live") !== "off";
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const parent = target.nodeType === 1 ? target : target.parentElement;
      for (const node of addedNodes) {
        const own = node.nodeType === 1 && node.getAttribute("aria-live") === "off";
        if (parent && parent.isConnected && live(parent) && !own) window.spoken.push(node.textContent);
      }
    }
  }).observe(document.getElementById("log"), { childList: true, subtree: true });
}"""
"""Keeps in `spoken` what a screen reader is given: what is added to the log, outside its quiet parts."""


async def tabs_to(person: Person, target: Locator) -> None:
    for _ in range(MOST_TABS):
        await person.page.keyboard.press("Tab")
        if await target.evaluate("(node) => node === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {target}")


async def enters(person: Person, *buttons: str) -> None:
    """Reach each button by Tab and press Enter."""
    for button in buttons:
        await person.button(button).wait_for()
        await tabs_to(person, person.button(button))
        await person.page.keyboard.press("Enter")


async def listens(person: Person) -> None:
    """From now on what the page says aloud is kept."""
    await person.page.evaluate(HEAR)


async def hears(person: Person, *sentences: str) -> None:
    """Each of these is said, once since the person listens."""
    for sentence in sentences:
        await person.page.wait_for_function("(words) => window.told.join(' ').includes(words)", arg=sentence)
        told = " ".join(await person.page.evaluate("window.told"))
        assert told.count(sentence) == 1, told
