"""Every view of a meeting with a course, on phones: accessible, and nothing wider than the screen."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from accessible import is_fine
from browser import Crowd
from floor_meeting import FIRST, SECOND, Meeting, a_meeting, draft, goes_on_to
from playwright.async_api import expect
from serving import Running, serving


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def test_every_view_is_fine(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url, phones=True)
    _, ada, bo, cy = meeting.all
    await goes_on_to(meeting, "Welcome")
    await is_fine(cy)
    await goes_on_to(meeting, "Shares")
    await is_fine(cy)
    await ada.presses("Raise my hand")
    await bo.presses("With a reason")
    await bo.chooses("In my own words")
    await is_fine(bo)
    await bo.page.get_by_label("In my own words").last.fill("It is a hard week " * 5)
    await bo.presses("Raise my hand")
    await cy.presses("Raise my hand")
    await ada.says("Longwordwithoutend" * 20)
    await cy.sees("Longwordwithoutend" * 20)
    await draft(cy).fill(f"{FIRST}\n\n{SECOND}")
    async with asyncio.TaskGroup() as together:
        for visit in (a_sharer(meeting), who_waits(meeting), a_host(meeting)):
            together.create_task(visit)
    await cy.presses("Lower my hand")
    await draft(cy).fill("")
    await is_fine(cy)
    await meeting.host.presses("Next: Milestones", "Go on to Milestones")
    await chips(meeting)


async def a_sharer(meeting: Meeting) -> None:
    await is_fine(meeting.ada)


async def who_waits(meeting: Meeting) -> None:
    await is_fine(meeting.cy)
    await meeting.cy.presses("Say thanks")
    await is_fine(meeting.cy)
    await meeting.cy.presses("With you", "People 4")
    await is_fine(meeting.cy)
    await meeting.cy.presses("Close")


async def a_host(meeting: Meeting) -> None:
    host = meeting.host
    await is_fine(host)
    await host.presses("People 4")
    await host.reads("It is a hard week")
    await is_fine(host)
    await host.touches(host.page.get_by_role("button", name="What to do about Bo").first)
    await is_fine(host)
    await host.presses("Ask Bo to help")
    await is_fine(host)
    await host.touches(host.page.get_by_role("button", name="As reader: posts the texts"))
    await expect(host.banner).to_contain_text("Bo is reader now.")
    await host.presses("Meeting")
    await host.touches(host.page.get_by_text("More for who leads"))
    await is_fine(host)
    await host.presses("How the floor is given")
    await is_fine(host)
    await host.page.get_by_label("A share lasts").select_option("5 minutes")
    await host.presses("Keep", "Set the topic")
    await is_fine(host)
    await host.page.get_by_label("What is this meeting about?").fill("Patience")
    await host.presses("Keep")
    await meeting.bo.reads("Topic: Patience")
    await host.touches(host.page.get_by_role("button", name="Milestones").last)
    await is_fine(host)
    await host.presses("Start this now")
    await host.reads("This would end the share of Ada.")
    await is_fine(host)
    await host.presses("Wait", "Close")


async def chips(meeting: Meeting) -> None:
    host, ada, bo, _ = meeting.all
    await bo.presses("Take a chip")
    await bo.page.get_by_label("Which chip?").select_option("Years")
    await is_fine(bo)
    await bo.page.get_by_label("How many years?").fill("2")
    await bo.presses("Take this chip")
    await ada.reads("2 years")
    await ada.presses("Give a hand")
    await host.presses("1 hand")
    await bo.button("2 hands").wait_for()
    await is_fine(bo)
