"""Help and leaving at once in a real Chromium: on every page, by keyboard and by touch, with and without a connection."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person, ask_for_a_room
from keyboard import enters, tabs_to
from playwright.async_api import Locator, Route, expect
from relay import Network
from serving import Running, serving

NEUTRAL = "https://weather.example/"
NEWS = "<title>Weather</title><h1>Rain, later sun</h1>"
LINES = "**/help/*.json"
WORDS = "Kumquat words that nobody may find"
UNSEEN = (
    """() => Array.from(document.querySelectorAll("[role=status].spoken")).map((node) => node.textContent).join(" ").trim()"""
)
SEEN = """() => ({ title: document.title, text: document.body.textContent.trim(),
  alert: document.body.firstElementChild.getAttribute("role"), kept: [localStorage, sessionStorage].flatMap(Object.keys) })"""
KEEP_A_GOAL = """() => { localStorage.setItem("meeting:goal", '"One day"'); return history.length; }"""
EMPTY_COVER = {"title": "Loading", "text": "Loading", "alert": "alert", "kept": []}


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000", "LEAVE_URL": NEUTRAL}) as (server,):
        yield server


def card(person: Person) -> Locator:
    return person.page.get_by_role("dialog", name="Help")


def country(person: Person) -> Locator:
    return card(person).get_by_label("Your country")


# ---- the pages --------------------------------------------------------------------------------------------------------


async def on_the_first_page(person: Person, server: Running) -> None:
    await person.goes_to(server.url + "/")


async def opening_a_room(person: Person, server: Running) -> None:
    await person.goes_to(server.url + "/open")
    await person.page.get_by_label("What is the meeting called?").fill(WORDS)


async def where_nothing_is(person: Person, server: Running) -> None:
    person.pardon("status of 404")
    await person.goes_to(server.url + "/not/here")


async def at_the_door(person: Person, server: Running) -> None:
    await person.comes_to_the_door((await ask_for_a_room(server.url, title=WORDS)).participant)


async def in_a_room(person: Person, server: Running) -> None:
    await person.comes_in((await ask_for_a_room(server.url)).host, "Quiet Heron")
    await person.says(WORDS)
    await person.sees(WORDS)
    await person.field.fill(WORDS)


async def under_a_sheet(person: Person, server: Running) -> None:
    await in_a_room(person, server)
    await person.opens_message(WORDS)
    await expect(person.page.get_by_role("dialog")).to_be_visible()


async def after_the_end(person: Person, server: Running) -> None:
    await in_a_room(person, server)
    await (person.presses("Meeting") if person.is_phone else expect(person.button("End the meeting")).to_be_visible())
    await person.presses("End the meeting", "End the meeting")
    await person.is_told("The meeting has ended")


Place = Callable[[Person, Running], Coroutine[Any, Any, None]]
PAGES: list[Place] = [on_the_first_page, opening_a_room, where_nothing_is, at_the_door, in_a_room, after_the_end]


# ---- help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.__name__)
async def test_help_is_on_every_page_by_keyboard(crowd: Crowd, server: Running, place: Place) -> None:
    person = await crowd.someone()
    await place(person, server)
    asked: list[str] = []
    await enters(person, "Help")
    await expect(country(person)).to_have_value("GB")
    person.page.on("request", lambda request: asked.append(request.url))
    await expect(card(person).get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
    await tabs_to(person, country(person))
    await person.page.keyboard.type("New Z")
    await expect(card(person).get_by_role("link", name="Text 1737")).to_have_attribute("href", "sms:1737")
    await expect(card(person)).to_contain_text("Checked on 22 November 2026.")
    await expect(card(person)).to_contain_text("It is not treatment")
    await expect(card(person).get_by_role("link", name="999")).to_have_count(0)
    await tabs_to(person, card(person).get_by_role("link", name="111", exact=True))
    await person.page.keyboard.press("Escape")
    await expect(person.button("Help")).to_be_focused()
    await person.presses("Help")
    await expect(country(person)).to_have_value("NZ")
    assert asked == []


async def test_the_card_is_fine_on_a_phone(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone(is_phone=True)
    await in_a_room(person, server)
    await person.presses("Help")
    for code in ("CH", "AU", ""):
        await country(person).select_option(code)
        await is_fine(person)


@pytest.mark.parametrize(
    ("zone", "language", "code"),
    [("Europe/Berlin", "en-US", "DE"), ("Asia/Calcutta", "en-US", "IN"), ("UTC", "pt-BR", "BR"), ("UTC", "eo", "")],
)
async def test_the_country_is_guessed_from_zone_and_language(
    crowd: Crowd, server: Running, zone: str, language: str, code: str
) -> None:
    person = await crowd.someone(timezone_id=zone, locale=language)
    await on_the_first_page(person, server)
    await person.presses("Help")
    await expect(country(person)).to_have_value(code)


async def test_other_parts_of_the_page_get_the_same_lines(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone()
    await on_the_first_page(person, server)
    ask = """async () => {
      const { loadHelp, linesFor } = await import(document.querySelector("[href$='/js/help.js']").href);
      await loadHelp();
      return [linesFor()[0].number, linesFor("US")[0].number, linesFor("XX")[0].number];
    }"""
    assert await person.page.evaluate(ask) == ["999", "911", "112"]


async def test_once_a_page_is_open_the_lines_are_there_without_a_connection(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone(is_phone=True)
    async with Network([server.url]) as mobile:
        links = (await ask_for_a_room(server.url)).at(mobile.url)
        async with person.page.expect_event("requestfinished", lambda request: "/help/" in request.url):
            await person.comes_in(links.participant)
        async with person.without(mobile):
            await person.presses("Help")
            await expect(card(person).get_by_role("link", name="999")).to_be_visible()


async def test_lines_that_could_not_be_loaded_come_later(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone()
    person.pardon("net::ERR_")
    await person.context.route(LINES, lambda route: route.abort())
    await on_the_first_page(person, server)
    await person.presses("Help")
    await expect(card(person)).to_contain_text("In the European Union 112 reaches help, in North America 911.")
    await person.context.unroute(LINES)
    await person.presses("Close", "Help")
    await expect(country(person)).to_have_value("GB")


async def test_the_first_page_shows_the_lines_also_without_javascript(crowd: Crowd, server: Running) -> None:
    plain, person = await crowd.someone(java_script_enabled=False), await crowd.someone()
    await plain.goes_to(server.url + "/r")
    await plain.page.get_by_role("link", name="Help lines").click()
    await plain.page.locator("summary", has_text="United Kingdom").click()
    await expect(plain.page.get_by_role("link", name="116 123").filter(visible=True)).to_have_attribute("href", "tel:116123")
    await expect(plain.page.get_by_role("link", name="Leave now")).to_have_attribute("href", NEUTRAL)
    await on_the_first_page(person, server)
    await expect(person.page.locator("#help-lines").get_by_label("Your country")).to_have_value("GB")


# ---- leaving at once --------------------------------------------------------------------------------------------------


async def by_the_button(person: Person) -> None:
    await person.touches(person.page.get_by_role("link", name="Leave now"))


async def by_shift_three_times(person: Person) -> None:
    for _ in range(3):
        await person.page.keyboard.press("Shift")


async def by_the_first_link(person: Person) -> None:
    await person.page.keyboard.press("Escape")
    await tabs_to(person, person.page.get_by_role("link", name="Leave this page at once"))
    await person.page.keyboard.press("Enter")


async def neutral_site(person: Person, status: int = 200) -> None:
    """What the neutral site answers from now on; with 204 (no content) a browser stays where it is."""
    person.pardon(f"^.*{NEUTRAL}$")
    await person.context.unroute(NEUTRAL)
    await person.context.route(NEUTRAL, lambda route: route.fulfill(status=status, body=NEWS, content_type="text/html"))


Exit = Callable[[Person], Coroutine[Any, Any, None]]
EXITS: list[Exit] = [by_the_button, by_shift_three_times, by_the_first_link]


@pytest.mark.parametrize("leave", EXITS, ids=lambda leave: leave.__name__)
@pytest.mark.parametrize("place", [*PAGES, under_a_sheet], ids=lambda place: place.__name__)
async def test_everyone_can_leave_every_page_at_once(crowd: Crowd, server: Running, place: Place, leave: Exit) -> None:
    person = await crowd.someone()
    await place(person, server)
    pages = await person.page.evaluate(KEEP_A_GOAL)
    await neutral_site(person, status=204)
    async with person.page.expect_request(NEUTRAL) as asked:
        await leave(person)
    assert "referer" not in await (await asked.value).all_headers()
    await expect(person.page.get_by_role("alert")).to_have_text("Loading")
    assert await person.page.evaluate(SEEN) == EMPTY_COVER
    await neutral_site(person)
    await by_shift_three_times(person)
    await person.is_told("Rain, later sun")
    assert await person.page.evaluate("history.length") == pages
    await person.page.go_back()
    await person.reads_nothing_of("Kumquat", "Quiet Heron")
    await person.goes_to(server.url + "/")
    await person.keeps_nothing()


async def test_leave_now_stays_in_sight_when_help_is_opened_further_down_a_page(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone(is_phone=True)
    await opening_a_room(person, server)
    await person.page.get_by_role("button", name="Open the room").scroll_into_view_if_needed()
    await person.presses("Help")
    await expect(card(person)).to_be_visible()
    before = await person.page.evaluate("scrollY")
    assert before > 0
    await expect(person.page.get_by_role("link", name="Leave now")).to_be_in_viewport(ratio=1)
    await expect(card(person).get_by_role("heading", name="Help", exact=True)).to_be_in_viewport(ratio=1)
    await person.page.mouse.wheel(0, -2000)
    await person.presses("Close")
    assert await person.page.evaluate("scrollY") == before


async def test_what_loads_after_leaving_breaks_nothing(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone()
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
    await person.context.route("**/js/leading.js", lambda route: held.set_result(route))
    await in_a_room(person, server)
    await neutral_site(person, status=204)
    await by_shift_three_times(person)
    await expect(person.page.get_by_role("alert")).to_have_text("Loading")
    part = await held
    await part.continue_()
    await person.page.evaluate("(url) => import(url)", part.request.url)


async def test_leaving_at_once_says_no_word_in_the_room(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, guest = await crowd.someone(), await crowd.someone(is_phone=True)
    await host.comes_in(links.host, "Quiet Heron")
    await guest.comes_in(links.participant, "River")
    await host.person("River").wait_for()
    await neutral_site(guest)
    await by_the_button(guest)
    await guest.is_told("Rain, later sun")
    await host.person("River").wait_for(state="detached")
    await host.says("Still here")
    await host.sees("Still here")
    await expect(host.page.locator("#log").get_by_text("River")).to_have_count(0)


async def test_other_tabs_leave_as_well(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone()
    await in_a_room(person, server)
    await neutral_site(person)
    first = await person.opens_a_tab(server.url + "/")
    await by_shift_three_times(person)
    await person.is_told("Rain, later sun")
    await expect(first.get_by_role("heading", level=1)).to_have_text("Rain, later sun")
    await on_the_first_page(person, server)
    await person.keeps_nothing()


async def test_without_a_connection_the_page_is_gone_as_well(crowd: Crowd, server: Running) -> None:
    for leave in (by_the_button, by_shift_three_times):
        person = await crowd.someone(is_phone=True)
        async with Network([server.url]) as mobile:
            links = (await ask_for_a_room(server.url)).at(mobile.url)
            await person.comes_in(links.participant, "River")
            await person.field.fill(WORDS)
            person.pardon(NEUTRAL)
            async with person.without(mobile):
                async with person.page.expect_event("requestfailed", lambda request: request.url == NEUTRAL):
                    await leave(person)
                await person.reads_nothing_of("Kumquat", "River")
            await person.goes_to(mobile.url + "/")
            await person.keeps_nothing()


async def test_every_press_of_shift_is_told_and_shown(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone()
    await person.page.clock.install(time=0)
    await on_the_first_page(person, server)
    await person.page.clock.pause_at(3600)
    button, press = person.page.locator("#leave-button"), person.page.keyboard.press

    async def says(words: str, shown: str) -> None:
        assert await person.page.evaluate(UNSEEN) == words
        await expect(button).to_have_text(shown)
        await expect(person.page.get_by_role("link", name="Leave now", exact=True)).to_have_count(1)

    await press("Shift")
    await says("", "Leave now●○○")
    await press("Shift")
    await says("Leave now: press Shift once more.", "Leave now●●○")
    await person.page.clock.run_for(2000)
    await says("Leave now: press Shift once more.", "Leave now●●○")
    await person.page.clock.run_for(1)
    await says("Leave now: time is up. Nothing happened.", "Leave now")
    await person.page.clock.run_for(5000)
    await says("", "Leave now")
    for _ in range(2):
        await press("Shift")
    await press("a")
    await says("Leave now: stopped.", "Leave now")


async def test_shift_for_capitals_is_no_press(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone()
    await on_the_first_page(person, server)
    field = person.page.get_by_label("Your room code")
    await field.focus()
    for letter in "ABCDE":
        await person.page.keyboard.press(f"Shift+{letter}")
    await expect(field).to_have_value("ABCDE")
    assert await person.page.evaluate(UNSEEN) == ""


async def test_the_button_stays_in_reach_of_a_thumb_while_someone_writes(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone(is_phone=True)
    await in_a_room(person, server)
    await person.field.tap()
    await person.page.set_viewport_size({"width": 360, "height": 320})
    await expect(person.page.get_by_role("link", name="Leave now")).to_be_in_viewport(ratio=1)
    await neutral_site(person)
    await by_the_button(person)
    await person.is_told("Rain, later sun")
