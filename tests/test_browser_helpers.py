"""What each helper does, from beginning to end, on a phone; and who may take the chair."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Links, Person, ask_for_a_room
from floor_meeting import FIRST, SCRIPT, WELCOME, a_clock
from keyboard import hears, listens
from playwright.async_api import expect
from serving import Running, serving

SMALL_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}}


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def with_a_helper(crowd: Crowd, url: str, helper: str, **fields: object) -> tuple[Links, Person, Person]:
    """Quiet Heron hosts and asks Bo, on a small phone, to help."""
    links = await ask_for_a_room(url, **{"script": SCRIPT, **fields})
    host, bo = await crowd.someone(), await crowd.someone(is_phone=True, **SMALL_PHONE)
    await host.comes_in(links.host, "Quiet Heron")
    await bo.comes_in(links.participant, "Bo")
    await host.touches(host.person("Bo").get_by_role("button"))
    await host.presses("Ask Bo to help")
    await host.touches(host.page.get_by_role("button", name=f"As {helper}:"))
    await expect(bo.banner).to_contain_text(f"The host asks you to help as {helper}.")
    return links, host, bo


async def test_the_timekeeper_sets_the_time_of_a_share_and_ends_one(crowd: Crowd, server: Running) -> None:
    _, host, bo = await with_a_helper(crowd, server.url, "timekeeper")
    await host.presses("Next: Welcome")
    await bo.presses("Meeting", "Time for a share")
    await is_fine(bo)
    await bo.page.get_by_label("A share lasts").select_option("7 minutes")
    await bo.presses("Keep", "Close")
    await host.presses("Next: Shares")
    await host.presses("Raise my hand")
    await host.says(FIRST)
    await expect(host.page.get_by_role("timer")).to_contain_text("6:")
    await bo.presses("People 2")
    await expect(bo.button("End this share")).to_be_visible()
    for refused in ("Close the list", "Open the list"):
        await expect(bo.button(refused)).to_have_count(0)
    await is_fine(bo)
    await bo.presses("End this share", "End this share")
    await expect(host.banner).to_contain_text("has moved on to the next person")


async def test_the_reader_is_given_each_text_and_posts_it_once(crowd: Crowd, server: Running) -> None:
    _, host, bo = await with_a_helper(crowd, server.url, "reader")
    await listens(bo)
    await host.presses("Next: Welcome")
    await hears(bo, "The text of this part is yours to read.")
    await expect(host.texts).to_have_count(0)
    await is_fine(bo)
    await bo.presses("Read the text")
    await expect(host.texts).to_have_text([WELCOME])
    for person in (host, bo):
        await expect(person.button("Read the text")).to_be_hidden()
    await bo.says("A few words of my own.")
    await host.sees("A few words of my own.")
    await host.presses("Next: Shares")
    await expect(bo.button("Read the text")).to_be_hidden()
    await bo.presses("Meeting", "Leave the meeting")
    await bo.touches(bo.page.get_by_role("button", name="Leave the meeting").last)
    await bo.is_told("You have left the meeting")
    await host.presses("Next: Milestones", "Next: Closing")
    await host.sees("One word to leave with.")


async def test_the_host_reads_when_the_reader_does_not(crowd: Crowd, server: Running) -> None:
    _, host, bo = await with_a_helper(crowd, server.url, "reader")
    await host.presses("Next: Welcome", "Read the text")
    await expect(bo.texts).to_have_text([WELCOME])
    await expect(bo.button("Read the text")).to_be_hidden()


async def test_the_greeter_writes_between_shares(crowd: Crowd, server: Running) -> None:
    links, host, bo = await with_a_helper(crowd, server.url, "greeter")
    ada = await crowd.someone(is_phone=True, **SMALL_PHONE)
    await host.presses("Next: Welcome")
    await bo.says("Welcome, all of you.")
    await host.presses("Next: Shares")
    await ada.goes_to(links.participant)
    await ada.chooses_a_name("Ada")
    await ada.presses("I agree, come in")
    await bo.reads("Ada came in")
    await bo.says("Welcome, Ada.")
    await host.sees("Welcome, Ada.")
    await ada.presses("Raise my hand")
    await expect(bo.status).to_contain_text("Ada is sharing.")
    await expect(bo.button("Send")).to_be_hidden()
    await is_fine(bo)


async def test_the_cohost_leads_and_is_offered_nothing_that_is_refused(crowd: Crowd, server: Running) -> None:
    _, host, bo = await with_a_helper(crowd, server.url, "co-host")
    await bo.presses("Next: Welcome")
    await host.sees(WELCOME)
    await bo.presses("Meeting")
    await bo.touches(bo.page.get_by_text("More for who leads"))
    await bo.presses("Set the topic")
    await bo.page.get_by_label("What is this meeting about?").fill("Patience")
    await bo.presses("Keep")
    await host.reads("Topic: Patience")
    await bo.presses("+10")
    await expect(host.banner).to_contain_text("There is more time")
    for host_alone in ("End the meeting",):
        await expect(bo.button(host_alone)).to_be_hidden()
    await is_fine(bo)
    await bo.presses("Close", "Next: Shares")
    await host.presses("Raise my hand")
    await host.says(FIRST)
    await bo.presses("People 2")
    await expect(bo.page.get_by_role("button", name="Ask Quiet Heron to help")).to_have_count(0)
    await bo.presses("End this share", "End this share")
    await bo.presses("Close the list")
    await expect(host.page.locator("#queue-state")).to_contain_text("closed")


async def test_a_helper_is_named_in_a_room_without_a_plan(crowd: Crowd, server: Running) -> None:
    _, host, bo = await with_a_helper(crowd, server.url, "co-host", script=[])
    await bo.presses("Meeting", "+5")
    await expect(host.banner).to_contain_text("There is more time")


async def test_the_chair_is_offered_to_whoever_may_take_it_when_they_may(crowd: Crowd) -> None:
    async with a_clock() as clock:
        links = await ask_for_a_room(clock.url, script=SCRIPT)
        host, first, second = [await crowd.someone() for _ in range(3)]
        await host.comes_in(links.host, "Quiet Heron")
        await first.comes_in(links.moderator, "Juniper")
        await second.comes_in(links.moderator, "Maple")
        await host.presses("Leave the meeting", "Leave the meeting")
        await expect(second.person("Quiet Heron")).to_have_count(0)
        await clock.at(50, first, second)
        for person in (first, second):
            await expect(person.status).to_contain_text("The meeting")
            await expect(person.button("Take the chair")).to_be_hidden()
        await clock.at(62, first, second)
        await first.button("Take the chair").wait_for()
        await expect(second.button("Take the chair")).to_be_hidden()
        await first.presses("Take the chair")
        await expect(second.person("Juniper")).to_contain_text("chair")
