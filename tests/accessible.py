"""What must be true of every page: no violation that axe finds, targets that can be touched, nothing wider than the screen."""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from browser import Person
from playwright.async_api import ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TARGET_PX = 44


def _axe_source() -> str:
    found = find_spec("axe_playwright_python")
    assert found
    assert found.origin
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


AXE = _axe_source()
RUN_AXE = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}"""
SMALL_TARGETS = """(least) => {
  const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert], .spoken, .when-focused");
  const nodes = Array.from(document.querySelectorAll("a[href], button, input, textarea, select, summary, [role=button]"));
  return nodes.filter(seen).map((node) => node.closest("label") || node).flatMap((node) => {
    const { width, height } = node.getBoundingClientRect();
    return width < least || height < least ? [`${node.outerHTML.slice(0, 80)} ${width} x ${height}`] : [];
  });
}"""
WIDER_THAN_THE_SCREEN = """() => ["html", "#timeline", ".sheet", "aside", ".floor"].flatMap((name) =>
  Array.from(document.querySelectorAll(name))
    .filter((node) => node.scrollWidth > node.clientWidth)
    .map((node) => `${name} ${node.scrollWidth} > ${node.clientWidth}`))"""


async def problems(person: Person) -> AsyncIterator[str]:
    """What is wrong with what the person sees, on any screen."""
    page, usual = person.page, person.page.viewport_size
    assert usual
    if not await page.evaluate("Boolean(window.axe)"):
        await page.evaluate(AXE)
    session = await person.context.new_cdp_session(page)
    for size in (DESKTOP, PHONE):
        await page.set_viewport_size(size)
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            for problem in await page.evaluate(RUN_AXE):
                yield f"{scheme}, {size['width']} px: {problem}"
    for problem in await page.evaluate(SMALL_TARGETS, TARGET_PX):
        yield f"too small: {problem}"
    for text_px in (32, 16):
        await session.send("Page.setFontSizes", {"fontSizes": {"standard": text_px}})
        for problem in await page.evaluate(WIDER_THAN_THE_SCREEN):
            yield f"text of {text_px} px: {problem}"
    await page.set_viewport_size(usual)


async def is_fine(person: Person) -> None:
    """Fails with what was found."""
    found = [problem async for problem in problems(person)]
    assert not found, "\n".join(found)
