"""What must be true of every page: no violation that axe finds, targets that can be touched, nothing wider than the screen."""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from browser import Person
from fonts import FONTS, give, take_back
from playwright.async_api import ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
SMALL_PHONE: ViewportSize = {"width": 360, "height": 640}
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
SEEN = """(node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert], .spoken, .when-focused")"""
SMALL_TARGETS = f"""(least) => {{
  const nodes = Array.from(document.querySelectorAll("a[href], button, input, textarea, select, summary, [role=button]"));
  return nodes.filter({SEEN}).map((node) => node.closest("label") || node).flatMap((node) => {{
    const {{ width, height }} = node.getBoundingClientRect();
    return width < least || height < least ? [`${{node.outerHTML.slice(0, 80)}} ${{width}} x ${{height}}`] : [];
  }});
}}"""
WIDER_THAN_THE_SCREEN = """() => ["html", "#timeline", ".sheet", "aside", ".floor"].flatMap((name) =>
  Array.from(document.querySelectorAll(name))
    .filter((node) => node.scrollWidth > node.clientWidth)
    .map((node) => `${name} ${node.scrollWidth} > ${node.clientWidth}`))"""
CUT_OFF = f"""() => {{
  const seen = {SEEN};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const found = [];
  const framed = (style) => style.borderLeftWidth !== "0px" || style.backgroundColor !== "rgba(0, 0, 0, 0)";
  const beyond = (rect, box) => rect.left < box.left - 1 || rect.right > box.right + 1;
  const hides = (rect, box) => (rect.top + rect.bottom) / 2 > box.bottom || (rect.top + rect.bottom) / 2 < box.top;
  const whatCuts = (node, rect) => {{
    for (let at = node; at; at = at.parentElement) {{
      const style = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      if (style.display === "inline") continue;
      if ((framed(style) || style.overflowX !== "visible") && beyond(rect, box)) return at;
      if (style.overflowY === "hidden" && style.webkitLineClamp === "none" && hides(rect, box)) return at;
      if (style.overflowY === "auto" || style.position === "fixed") return null;
    }}
    return beyond(rect, {{ left: 0, right: document.documentElement.clientWidth }}) ? document.documentElement : null;
  }};
  while (walker.nextNode()) {{
    const {{ currentNode: text }} = walker;
    const parent = text.parentElement;
    if (!text.data.trim() || parent.closest("option, noscript, script, style") || !seen(parent)) continue;
    for (const {{ 0: word, index }} of text.data.matchAll(/[^\\s-]+/g)) {{
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const rects = Array.from(range.getClientRects());
      if (parent.closest("button, .button") && rects.length > 1) found.push(`"${{word}}" is broken`);
      for (const rect of rects) {{
        const cut = whatCuts(parent, rect);
        if (cut) found.push(`"${{word}}" from ${{rect.left}} to ${{rect.right}} in ${{cut.cloneNode().outerHTML}}`);
      }}
    }}
  }}
  return found;
}}"""
"""Words that leave what frames them or are hidden by it; a title of two lines at most is meant to."""


async def problems(person: Person) -> AsyncIterator[str]:
    """What is wrong with what the person sees, on any screen and with any font."""
    page, usual = person.page, person.page.viewport_size
    assert usual
    if not await page.evaluate("Boolean(window.axe)"):
        await page.evaluate(AXE)
    for size in (DESKTOP, PHONE):
        await page.set_viewport_size(size)
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            for problem in await page.evaluate(RUN_AXE):
                yield f"{scheme}, {size['width']} px: {problem}"
    async for problem in _of_size(person, "its own font"):
        yield problem
    for font in FONTS:
        await give(page, font)
        async for problem in _of_size(person, f"a {font.name} font"):
            yield problem
    await take_back(page)
    await page.set_viewport_size(usual)


async def _of_size(person: Person, font: str) -> AsyncIterator[str]:
    page, session = person.page, await person.context.new_cdp_session(person.page)
    for size in (DESKTOP, SMALL_PHONE):
        await page.set_viewport_size(size)
        on = f"{font}, {size['width']} px"
        for problem in await page.evaluate(SMALL_TARGETS, TARGET_PX):
            yield f"{on}, too small: {problem}"
        for text_px in (32, 16):
            await session.send("Page.setFontSizes", {"fontSizes": {"standard": text_px}})
            for problem in (*await page.evaluate(WIDER_THAN_THE_SCREEN), *await page.evaluate(CUT_OFF)):
                yield f"{on}, text of {text_px} px: {problem}"
    await session.detach()


async def is_fine(person: Person) -> None:
    """Fails with what was found."""
    found = [problem async for problem in problems(person)]
    assert not found, "\n".join(found)
