"""Hosts and moderators look after the list of who waits, in real browsers."""

from collections.abc import AsyncIterator

import pytest_asyncio
from browser import Crowd, Person
from floor_meeting import FIRST, Meeting, a_meeting, draft, goes_on_to
from keyboard import hears, listens
from playwright.async_api import Locator, expect
from serving import Running, serving


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


def waiting(person: Person) -> Locator:
    """The names of who waits, in order."""
    return person.page.locator("#queue-list .who > bdi")


async def test_the_host_looks_after_the_list(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url)
    await goes_on_to(meeting, "Welcome")
    await goes_on_to(meeting, "Shares")
    await the_host_calls_each(meeting)
    await an_invitation_leaves_no_trace(meeting)
    await the_last_word_closes_the_list(meeting)


async def the_host_calls_each(meeting: Meeting) -> None:
    host, ada, bo, _ = meeting.all
    await host.touches(host.page.get_by_text("More for who leads"))
    await host.presses("How the floor is given")
    await host.touches(host.page.get_by_label("I call each person myself"))
    await host.presses("Keep")
    await ada.presses("Raise my hand")
    await expect(ada.status).to_have_text("Nobody has the floor. It is your turn next. The host calls you.")
    await bo.presses("Raise my hand")
    await host.presses("Give Ada the floor")
    await ada.says(FIRST)
    await host.presses("End this share", "Wait", "End this share")
    await host.touches(host.page.get_by_role("dialog").get_by_role("button", name="End this share"))
    await bo.reads("Ada has shared")


async def an_invitation_leaves_no_trace(meeting: Meeting) -> None:
    host, ada, _, cy = meeting.all
    await listens(ada)
    await listens(cy)
    for answer in ("Not now", "Share now"):
        await host.acts_on("Cy", "Ask Cy to share")
        await expect(host.banner).to_contain_text("Cy is asked. Only the moderators see this, and an answer of no.")
        await cy.presses(answer)
    await expect(cy.status).to_contain_text("You have the floor.")
    await hears(ada, "Cy has the floor.")
    assert "Cy" not in "".join(await ada.page.evaluate("window.told")).replace("Cy has the floor.", "")
    await cy.presses("Pass")


async def the_last_word_closes_the_list(meeting: Meeting) -> None:
    host, ada, bo, cy = meeting.all
    await cy.presses("Raise my hand")
    await host.touches(host.page.locator("#queue-list").get_by_role("button", name="What to do about Bo"))
    await host.presses("Give Bo the last word")
    await expect(ada.status).to_contain_text("The list is closed for now.")
    await expect(ada.button("Raise my hand")).to_be_hidden()
    await expect(waiting(ada)).to_have_text(["Cy", "Bo"])
    await draft(ada).fill("!")
    await draft(ada).press("Enter")
    await expect(ada.banner).not_to_be_empty()
    await expect(ada.button("Lower my hand")).to_be_hidden()
    await host.presses("Open the list")
    await ada.presses("Raise my hand")
    await bo.presses("Let one go first")
    await expect(waiting(host)).to_have_text(["Cy", "Ada", "Bo"])


async def test_a_moderator_looks_after_the_list_as_well(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url)
    _, ada, bo, cy = meeting.all
    moderator = await crowd.someone()
    await moderator.comes_in(meeting.links.moderator, "Juniper")
    await goes_on_to(meeting, "Welcome")
    await goes_on_to(meeting, "Shares")
    for person in (ada, bo, cy):
        await person.presses("Raise my hand")
        await person.button("Pass" if person is ada else "Lower my hand").wait_for()
    await moderator.presses("Move up Cy")
    await expect(waiting(ada)).to_have_text(["Cy", "Bo"])
    await moderator.acts_on("Bo", "Bo goes next")
    await expect(waiting(ada)).to_have_text(["Bo", "Cy"])
    await moderator.presses("Close the list")
    await expect(moderator.button("Open the list")).to_be_visible()
    await moderator.presses("End this share")
    await moderator.touches(moderator.page.get_by_role("dialog").get_by_role("button", name="End this share"))
    await expect(bo.status).to_contain_text("You have the floor.")
    await moderator.acts_on("Ada", "Ask Ada to share")
    await ada.button("Yes, I go next").wait_for()
    await expect(moderator.page.locator("#plan")).to_be_hidden()
    await expect(moderator.button("Next: Milestones")).to_have_count(0)
