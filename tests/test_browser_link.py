"""The moderator link in real browsers: a host makes a new one, moderators keep it, and the old one only knocks."""

from collections.abc import AsyncIterator

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person, ask_for_a_room
from desk_screen import at_case, case
from keyboard import enters
from playwright.async_api import expect
from serving import Running, serving
from support_people import in_sheet, sheet


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def makes_a_link(host: Person) -> str:
    """By keyboard; the new link."""
    await enters(host, "Make a new moderator link", "Make a new link")
    link = sheet(host).locator(".link")
    await expect(link).to_contain_text("#")
    return await link.inner_text()


async def test_a_new_moderator_link_takes_the_place_of_the_old_one(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, mo, late, new = [await crowd.someone() for _ in range(4)]
    await host.comes_in(links.host, "Quiet Heron")
    await mo.comes_in(links.moderator, "Juniper")
    link = await makes_a_link(host)
    assert link.startswith(links.participant)
    assert link not in (links.moderator, links.host)
    await is_fine(host)
    await in_sheet(host, "Close")
    await expect(host.button("Copy the moderator link")).to_be_visible()
    await expect(mo.banner).to_contain_text("There is a new moderator link.")
    assert await mo.page.evaluate("JSON.parse(sessionStorage.getItem('meeting:link'))") == link.partition("#")[2]

    await late.comes_to_the_door(links.moderator)
    await late.presses("I agree, come in")
    await late.reads("You have knocked.")
    await expect(case(mo, "Came with an old moderator link")).to_be_visible()
    await at_case(mo, "Came with an old moderator link", "Let in")
    await late.is_in()
    await expect(late.page.locator("#open-desk")).to_be_hidden()

    await new.comes_to_the_door(link)
    await new.reads("You come in as moderator.")
    await new.comes_in("", "Kind River")


async def test_a_host_is_told_that_the_link_was_taken_back(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, mo = await crowd.someone(), await crowd.someone()
    await host.comes_in(links.host, "Quiet Heron")
    await mo.comes_in(links.moderator, "Juniper")
    await expect(host.page.locator("#moderator-link-state")).to_be_hidden()
    await host.acts_on("Juniper", "Make Juniper a participant again")
    await expect(host.page.locator("#moderator-link-state")).to_contain_text("The moderator link was taken back")
    await is_fine(host)
