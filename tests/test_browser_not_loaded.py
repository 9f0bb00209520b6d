"""A page whose script does not come, whole or in part: it says so, can be loaded again, and Help and Leave now work."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person, ask_for_a_room
from playwright.async_api import expect
from serving import Running, serving

NEUTRAL = "https://weather.example/"
SENTENCE = "A part of this page did not load"
WAS_SEEN = """() => {
  window.wasSeen = false;
  const look = () => {
    const note = document.getElementById("not-loaded");
    if (note && note.checkVisibility({ visibilityProperty: true })) window.wasSeen = true;
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000", "LEAVE_URL": NEUTRAL}) as (server,):
        yield server


async def without(crowd: Crowd, what: str) -> Person:
    person = await crowd.someone(is_phone=True)
    person.pardon("net::ERR_|status of 404")
    await person.context.route(what, lambda route: route.abort())
    return person


@pytest.mark.parametrize("what", ["**/js/main.js", "**/js/room.js", "**/*.js", "**/static/**"])
async def test_a_room_that_did_not_load_says_so_and_loads_again_with_its_link(crowd: Crowd, server: Running, what: str) -> None:
    person = await without(crowd, what)
    await person.goes_to((await ask_for_a_room(server.url)).host)
    await person.reads(SENTENCE)
    await person.context.unroute(what)
    await person.touches(person.page.get_by_role("link", name="Load it again"))
    await person.reads("You come in as host.")
    await expect(person.page.get_by_text(SENTENCE)).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/open", "/r", "/not/here"])
async def test_help_and_leave_now_work_without_the_script_of_the_page(crowd: Crowd, server: Running, path: str) -> None:
    person = await without(crowd, {"/": "**/front.js", "/open": "**/open.js", "/r": "**/main.js"}.get(path, "**/front.js"))
    person.pardon(f"^.*{NEUTRAL}$")
    await person.context.route(NEUTRAL, lambda route: route.fulfill(body="<h1>Rain</h1>", content_type="text/html"))
    await person.goes_to(server.url + path)
    await person.reads(SENTENCE)
    await is_fine(person)
    await person.presses("Help")
    await expect(person.page.get_by_role("dialog", name="Help").get_by_role("link", name="999")).to_be_visible()
    for _ in range(3):
        await person.page.keyboard.press("Shift")
    await person.is_told("Rain")


@pytest.mark.parametrize("path", ["/", "/open", "/r", "/not/here"])
async def test_without_any_script_help_leads_to_the_help_lines(crowd: Crowd, server: Running, path: str) -> None:
    person = await without(crowd, "**/*.js")
    await person.goes_to(server.url + path)
    await person.reads(SENTENCE)
    await person.touches(person.page.get_by_role("link", name="Help", exact=True))
    await person.touches(person.page.locator("summary", has_text="United Kingdom"))
    await expect(person.page.get_by_role("link", name="116 123").filter(visible=True)).to_be_visible()
    await expect(person.page.get_by_role("link", name="Leave now", exact=True)).to_have_attribute("href", NEUTRAL)


@pytest.mark.parametrize("path", ["/", "/open", "/r"])
async def test_who_has_switched_scripts_off_is_told_that_alone(crowd: Crowd, server: Running, path: str) -> None:
    person = await crowd.someone(java_script_enabled=False)
    await person.goes_to(server.url + path)
    await expect(person.page.locator("noscript p")).to_be_visible()
    await expect(person.page.get_by_role("link", name="Load it again")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/open", "/r", "/not/here"])
async def test_a_page_that_loads_says_nothing_of_it(crowd: Crowd, server: Running, path: str) -> None:
    person = await crowd.someone()
    person.pardon("status of 404")
    await person.context.add_init_script(f"({WAS_SEEN})()")
    await person.goes_to(server.url + path)
    await expect(person.page.locator("#not-loaded")).to_have_count(0)
    assert await person.page.evaluate("window.wasSeen") is False
