"""Every page and state, light and dark, on phone and desktop: accessible, within the width, easy to touch."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
import pytest_asyncio
from accessible import is_fine
from browser import Crowd, ask_for_a_room
from desk_screen import at_case, opens
from playwright.async_api import Route, expect
from relay import Network
from serving import Running, serving, serving_here

from chatroom.web.settings import Settings

Visit = Callable[[Crowd, Running], Coroutine[Any, Any, None]]


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def the_front_page(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone(is_phone=True)
    await person.goes_to(server.url + "/")
    await is_fine(person)
    await person.page.get_by_label("Your room code").fill("one two three")
    await person.presses("Go to the door")
    await person.reads("A room code has six words. This has 3.")
    await is_fine(person)
    await person.presses("Help")
    await is_fine(person)


async def opening_a_room(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone(is_phone=True)
    await person.goes_to(server.url + "/open")
    await is_fine(person)
    await person.page.get_by_text("More choices").tap()
    await person.chooses("At a time, today or tomorrow")
    await person.chooses("Other")
    await person.page.get_by_label("How many people at most?").fill("many")
    await person.presses("Open the room")
    await person.reads(
        "Please give the meeting a name.", "Please choose a time", "A number from 15 to 180", "A number from 2 to 1000"
    )
    await is_fine(person)
    await person.opens_a_room(server.url, "An evening for carers", "Welcome")
    await is_fine(person)


async def an_address_that_is_not_there(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone(is_phone=True)
    person.pardon("status of 404")
    await person.goes_to(server.url + "/not/here")
    await is_fine(person)


async def the_door(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, passphrase="lantern", rules=["Be kind."], welcome="Come in.", capacity=2)
    host, guest, late = await crowd.someone(), await crowd.someone(is_phone=True), await crowd.someone(is_phone=True)
    await host.comes_in(links.host, "Quiet Heron")
    await guest.goes_to(links.participant)
    await guest.chooses_a_name("Quiet Heron")
    await guest.page.get_by_label("Passphrase").fill("candle")
    await is_fine(guest)
    await guest.presses("I agree, come in")
    await guest.reads("That is not the passphrase.")
    await guest.page.get_by_label("Passphrase").fill("lantern")
    await guest.presses("I agree, come in")
    await guest.reads("Please choose another.")
    await is_fine(guest)
    await guest.comes_in(name="River")
    await late.comes_to_the_door(links.participant)
    await late.button("I agree, come in").wait_for()
    await is_fine(late)
    early = await ask_for_a_room(server.url, starts_at=await late.page.evaluate("Date.now() + 3600000"))
    await guest.comes_to_the_door(early.participant)
    await guest.reads("The doors open at", "45 minutes")
    await is_fine(guest)


async def the_room_of_a_participant(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, rules=["Be kind."], welcome="Come in.")
    host, guest = await crowd.someone(), await crowd.someone(is_phone=True)
    async with Network([server.url]) as mobile:
        await host.comes_in(links.host, "Quiet Heron")
        await guest.comes_in(links.at(mobile.url).participant, "River")
        await host.says(" ".join(f"Welcome, number {n}." for n in range(40)))
        await host.says("Longwordwithoutend" * 40)
        await guest.says("Thank you")
        await host.sees("Thank you")
        await host.reacts("Thank you", "hug")
        await guest.sees_reaction("Thank you", "hug, 1")
        await is_fine(guest)
        await guest.opens_message("Longwordwithoutend" * 40)
        await is_fine(guest)
        await guest.presses("Report to the moderators")
        await is_fine(guest)
        await guest.presses("Not now", "People 2")
        await is_fine(guest)
        await guest.presses("Close", "Meeting")
        await is_fine(guest)
        await guest.presses("Leave the meeting")
        await is_fine(guest)
        await guest.presses("Stay", "Close")
        await host.acts_on("River", "Mute River", "15 minutes")
        await expect(guest.status).to_contain_text("You're muted for 15 minutes.")
        await is_fine(guest)
        await host.acts_on("River", "Unmute River")
        await expect(guest.status).not_to_contain_text("muted")
        async with guest.without(mobile):
            await guest.says("On its way")
            await expect(guest.banner).to_be_visible()
            await is_fine(guest)
        await host.sees("On its way")


async def the_room_of_a_host(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, rules=["Be kind."], welcome="Come in.")
    host, guest = await crowd.someone(is_phone=True), await crowd.someone()
    await host.comes_in(links.host, "Quiet Heron")
    await guest.comes_in(links.participant, "River")
    await host.says("Welcome")
    await guest.says("Something unkind")
    await host.sees("Something unkind")
    await guest.says("Something kind")
    await guest.reports("Welcome", "Something else", "Just trying")
    await host.reads("Someone asks the moderators to look at a message.")
    await is_fine(host)
    await host.opens_message("Something unkind")
    await is_fine(host)
    await host.presses("Mute River")
    await host.chooses("In my own words")
    await is_fine(host)
    await host.presses("5 minutes")
    await host.opens_message("Something unkind")
    await host.presses("Take this message away")
    await is_fine(host)
    await host.presses("Take it away", "Desk, 1 open")
    await at_case(host, "Quiet Heron", "Open")
    await host.reads("You are looking at this.")
    await opens(host, "What was done")
    await opens(host, "Pace")
    await is_fine(host)
    await host.presses("Nothing needed", "Closed")
    await host.reads("Nothing waits for you.", "The door is closed: nobody new comes in.")
    await is_fine(host)
    await host.presses("Close", "People 2", "What to do about River")
    await is_fine(host)
    await host.presses("Remove River")
    await is_fine(host)
    await host.presses("Remove River", "Meeting", "End the meeting")
    await is_fine(host)


async def the_last_pages(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, guest, late = await crowd.someone(), await crowd.someone(is_phone=True), await crowd.someone(is_phone=True)
    await host.comes_in(links.host, "Quiet Heron")
    await guest.comes_in(links.participant, "River")
    first = await guest.opens_a_tab(links.participant)
    await guest.is_in()
    await expect(first.get_by_role("heading", level=1)).to_have_text("You are in this meeting somewhere else")
    second, guest.page = guest.page, first
    await is_fine(guest)
    guest.page = second
    await host.acts_on("River", "Remove River", "Remove River")
    await guest.is_told("You have been removed from this meeting")
    await is_fine(guest)
    await late.comes_to_the_door(links.participant)
    await late.presses("I agree, come in")
    await late.reads("You have knocked.")
    await late.reads_nothing_of("network")
    await is_fine(late)
    await host.presses("Leave the meeting", "Leave the meeting")
    await host.is_told("You have left the meeting")
    await is_fine(host)
    await host.comes_in(links.host)
    await host.presses("End the meeting", "End the meeting")
    await host.is_told("The meeting has ended")
    await is_fine(host)
    await late.goes_to(server.url + "/")
    await late.goes_to(links.participant)
    await late.is_told("There is no meeting here")
    await is_fine(late)


async def a_server_at_its_limit(crowd: Crowd, _: Running) -> None:
    async with serving_here(Settings(max_connections_per_source=1)) as small:
        links = await ask_for_a_room(small.url)
        host, guest = await crowd.someone(), await crowd.someone(is_phone=True)
        await host.comes_in(links.host)
        await guest.goes_to(links.participant)
        await guest.is_told("One moment")
        await guest.reads("The server is at its limit. Please try again in a minute.")
        await is_fine(guest)
        await host.presses("Leave the meeting", "Leave the meeting")
        await guest.presses("Try now")
        await guest.comes_in()
        await guest.presses("Meeting", "Leave the meeting", "Leave the meeting")
        await guest.is_told("You have left the meeting")


@pytest.mark.parametrize(
    "visits",
    [
        (the_front_page, opening_a_room, an_address_that_is_not_there, a_server_at_its_limit),
        (the_door, the_last_pages),
        (the_room_of_a_participant, the_room_of_a_host),
    ],
    ids=["outside", "doors and endings", "rooms"],
)
async def test_every_state_is_fine(crowd: Crowd, server: Running, visits: tuple[Visit, ...]) -> None:
    async with asyncio.TaskGroup() as together:
        for visit in visits:
            together.create_task(visit(crowd, server))


@pytest.mark.parametrize(
    ("path", "script", "field", "button", "then"),
    [
        ("/", "front", "Your room code", "Go to the door", "#door"),
        ("/open", "open", "What is the meeting called?", "Open the room", "#host-link"),
    ],
)
async def test_what_is_typed_before_the_script_is_there_waits_for_it(
    crowd: Crowd, server: Running, path: str, script: str, field: str, button: str, then: str
) -> None:
    """The browser itself would put it into an address and load the page anew."""
    words = (await ask_for_a_room(server.url)).words
    person, may_come, asked = await crowd.someone(), asyncio.Event(), list[str]()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await person.context.route(f"**/js/{script}.js", hold)
    person.page.on("request", lambda request: asked.append(request.url))
    loading = asyncio.create_task(person.goes_to(server.url + path))
    await person.page.get_by_label(field).fill(words)
    await person.page.get_by_label(field).press("Enter")
    await expect(person.button(button)).to_be_disabled()
    may_come.set()
    await loading
    await person.presses(button)
    await person.page.locator(then).wait_for()
    assert not [url for url in asked if "?" in url]


async def test_everything_works_under_a_path(crowd: Crowd, server: Running) -> None:
    async with Network([server.url], path="/meetings") as proxy:
        host, guest = await crowd.someone(), await crowd.someone(is_phone=True)
        links = await host.opens_a_room(proxy.url, "An evening for carers", "Welcome")
        assert links.participant.startswith(f"{proxy.url}/r#")
        await host.presses("Go in as host")
        await host.comes_in()
        await guest.goes_to(proxy.url + "/")
        await guest.page.get_by_label("Your room code").fill(links.words.upper())
        await guest.presses("Go to the door")
        await guest.comes_in()
        await guest.says("Found you")
        await host.sees("Found you")
        await host.presses("End the meeting", "End the meeting")
        await guest.is_told("The meeting has ended")
        await guest.touches(guest.page.get_by_role("link", name="To the first page"))
        await guest.is_told("Someone here understands")
        guest.pardon("status of 404")
        await guest.goes_to(proxy.url + "/not/here/at/all")
        await guest.touches(guest.page.get_by_role("link", name="To the first page"))
        await guest.is_told("Someone here understands")
