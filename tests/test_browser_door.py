"""The door in a real browser: knocking, being declined or sent back, the proof of work, coming back after a removal."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person, ask_for_a_room
from clients import meet
from keyboard import enters
from playwright.async_api import expect
from safety_people import Desk, at_the_desk
from serving import Running, serving

APPEAL = "Write to us on the notice board."
MANY = (
    *("Alder", "Birch", "Cedar", "Dune", "Elm", "Fern", "Grove", "Heath", "Iris", "Jasmine", "Kelp", "Linden", "Moss"),
    *("Nettle", "Oak", "Pine", "Reed", "Sage", "Thyme", "Umber", "Violet"),
)
"""More people than may come at once without being asked for a proof."""


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000", "POLICIES": "words,risk"}) as (server,):
        yield server


async def test_knocking_waiting_and_coming_in(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    ada, bo = await crowd.someone(is_phone=True), await crowd.someone()
    async with at_the_desk(server, links.moderator) as juniper:
        await juniper.does("set_door", door="knock")
        await ada.goes_to(links.participant)
        await ada.button("I agree, knock").wait_for()
        await is_fine(ada)
        name = await ada.page.locator("#door-name").inner_text()
        await ada.presses("I agree, knock")
        await ada.reads("You have knocked.")
        await is_fine(ada)
        await ada.page.reload()
        await ada.reads("You have knocked.")
        await juniper.does("admit", knock=(await juniper.sees("knocked", nickname=name))["knock"])
        await ada.is_in()
        await she_is_sent_back(ada, juniper, await juniper.id_of(name))
        await he_is_declined(bo, juniper, links.participant)


async def he_is_declined(bo: Person, juniper: Desk, link: str) -> None:
    await bo.goes_to(link)
    await enters(bo, "I agree, knock")
    await bo.reads("You have knocked.")
    await expect(bo.page.locator("#door-waiting")).to_be_focused()
    await enters(bo, "Stop waiting")
    await enters(bo, "I agree, knock")
    await bo.reads("You have knocked.")
    await juniper.does("decline", knock=(await juniper.sees("knocked"))["knock"])
    await bo.button("Knock again").wait_for()
    await is_fine(bo)
    await enters(bo, "Knock again")
    await expect(bo.page.locator("#door-error")).to_contain_text("seconds, then knock again.")


async def she_is_sent_back(ada: Person, juniper: Desk, who: str) -> None:
    await ada.field.fill("half a sentence")
    await ada.presses("Meeting")
    await juniper.does("send_back", participant=who, reason="Please read how we treat each other.")
    await ada.reads("A moderator asked you back to the door.", "Please read how we treat each other.")
    await is_fine(ada)
    await ada.presses("I agree, knock")
    await ada.reads("You have knocked.")
    await juniper.does("admit_all")
    await ada.is_in()
    await expect(ada.field).to_have_value("half a sentence")


async def test_a_browser_proves_that_it_is_no_machine(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, capacity=50)
    ada = await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        async with AsyncExitStack() as crowd_of_machines:
            for name in MANY:
                await crowd_of_machines.enter_async_context(at_the_desk(server, links.participant, name))
            await juniper.sees("guard_raised", guard="work")
        await ada.goes_to(links.participant)
        await ada.chooses_a_name("Juniper")
        await ada.presses("I agree, come in")
        await ada.reads("Please choose another.")
        await is_fine(ada)
        await ada.chooses_a_name("Ada")
        await ada.presses("I agree, come in")
        await ada.reads("You have knocked.")  # so many are from this network already
        await juniper.does("admit", knock=(await juniper.sees("knocked", nickname="Ada"))["knock"])
        await ada.is_in()


async def test_a_removed_person_learns_why_and_how_to_come_back(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, appeal=APPEAL)
    ada = await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        await ada.comes_in(links.participant, "Ada")
        who = await juniper.id_of("Ada")
        await juniper.does("remove", participant=who, reason="Unkind words")
        await ada.is_told("You have been removed from this meeting")
        await ada.reads("The reason: Unkind words", APPEAL)
        await is_fine(ada)
        await ada.presses("Try again")
        await ada.is_told("You have been removed from this meeting")
        await juniper.does("readmit", participant=who)
        await ada.presses("Try again")
        await ada.is_in()
        assert await juniper.id_of("Ada") == who


async def test_a_page_that_made_room_at_the_door_comes_in_when_asked(crowd: Crowd) -> None:
    """Nothing that was typed is lost, and nobody has to wait for the time that the server gave."""
    async with serving({"MAX_CONNECTIONS": "2"}) as (server,):
        links = await ask_for_a_room(server.url)
        ada = await crowd.someone(is_phone=True)
        await ada.goes_to(links.participant)
        await ada.chooses_a_name("Ada")
        async with AsyncExitStack() as others:
            for _ in range(2):
                other = await others.enter_async_context(meet(server.ws_url))
                await other.send(json.dumps({"do": "hello", "secret": links.participant.partition("#")[2]}))
                await other.recv()
            await is_fine(ada)
            await ada.presses("I agree, come in")
            await ada.is_in()
            await ada.page.goto("about:blank")  # before its server goes
