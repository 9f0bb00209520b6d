"""A meeting with a course in real browsers: by keyboard alone, and each thing said aloud once."""

from collections.abc import AsyncIterator

import pytest_asyncio
from browser import Crowd, Person
from floor_meeting import FIRST, SECOND, WELCOME, Meeting, a_meeting, draft, goes_on_to
from keyboard import LISTEN, enters, hears, listens, tabs_to
from playwright.async_api import Locator, expect
from serving import Running, serving

YOUR_TURN = "It is your turn. Write when you are ready."


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def types(person: Person, field: Locator, *lines: str) -> None:
    """By keyboard; Enter after each line but the last."""
    await tabs_to(person, field)
    for line in lines[:-1]:
        await person.page.keyboard.type(line)
        await person.page.keyboard.press("Enter")
    await person.page.keyboard.type(lines[-1])


async def test_a_meeting_by_keyboard_alone(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url)
    for person in meeting.all:
        await person.button("Next: Welcome" if person is meeting.host else "Leave the meeting").wait_for()
        await listens(person)
    await only_the_host_speaks(meeting)
    await ada_types_as_of_old(meeting)
    await bo_prepares_and_waits(meeting)
    await cy_raises_and_lowers(meeting)
    await the_floor_goes_on(meeting)
    await they_close(meeting)


async def only_the_host_speaks(meeting: Meeting) -> None:
    await enters(meeting.host, "Next: Welcome")
    for person in meeting.all:
        await person.reads("What you hear here, let it stay here.")
        await hears(person, "Now: Welcome.")
    await expect(meeting.cy.status).to_have_text("Welcome. You can listen and react. Nothing else is needed.")
    await expect(meeting.cy.page.locator("#words")).to_be_hidden()
    await expect(meeting.host.status).to_contain_text("You can write; everyone else listens")
    await meeting.cy.page.evaluate(LISTEN)
    await enters(meeting.host, "Next: Shares")


async def ada_types_as_of_old(meeting: Meeting) -> None:
    ada = meeting.ada
    await expect(ada.status).to_have_text("Nobody is sharing. You can raise your hand, or just listen.")
    await types(ada, draft(ada), "!", "")
    await expect(ada.status).to_contain_text("You have the floor.")
    await expect(ada.banner).to_contain_text("That raised your hand")
    await hears(ada, YOUR_TURN)
    await expect(ada.field).to_be_focused()
    await expect(ada.field).to_have_value("")
    await hears(meeting.cy, "Ada has the floor.")
    await ada.page.keyboard.type(FIRST)
    await meeting.cy.reads("is writing")
    await ada.page.keyboard.press("Enter")
    await meeting.everyone_sees(FIRST)


async def bo_prepares_and_waits(meeting: Meeting) -> None:
    bo = meeting.bo
    await enters(bo, "Raise my hand")
    await expect(bo.status).to_contain_text("It is your turn next.")
    await expect(bo.page.get_by_role("group", name="What you can do now")).to_be_focused()
    await hears(bo, "It is your turn next.")
    await types(bo, draft(bo), "First part", "", "Second part")
    await bo.page.reload()
    await expect(draft(bo)).to_have_value("First part\n\nSecond part")
    await bo.button("Lower my hand").wait_for()
    await listens(bo)


async def cy_raises_and_lowers(meeting: Meeting) -> None:
    cy, host = meeting.cy, meeting.host
    await enters(cy, "With a reason")
    await tabs_to(cy, cy.page.get_by_role("radio", name="It is my first time"))
    await cy.page.keyboard.press("ArrowDown")
    await enters(cy, "Raise my hand")
    await expect(cy.status).to_contain_text("Ada is sharing. You are second. Roughly ")
    await hears(cy, "You are second.")
    names = "#queue-list .who > bdi"
    for person in meeting.all:
        await expect(person.page.locator(names)).to_have_text(["Bo", "Cy"])
    await expect(host.page.locator("#queue-list small")).to_have_text(["", "milestone"])
    await meeting.ada.reads_nothing_of("milestone")
    await enters(host, "Move up Cy")
    await expect(cy.page.locator(names)).to_have_text(["Cy", "Bo"])
    await expect(host.button("What to do about Cy").first).to_be_focused()
    await hears(cy, "It is your turn next.")
    await enters(cy, "Lower my hand")
    await expect(meeting.bo.page.locator(names)).to_have_text(["Bo"])


async def the_floor_goes_on(meeting: Meeting) -> None:
    _, ada, bo, cy = meeting.all
    await ada.page.keyboard.type(SECOND)
    await ada.page.keyboard.press("Enter")
    await ada.page.keyboard.type("done")
    await ada.page.keyboard.press("Enter")
    await hears(bo, YOUR_TURN)
    await hears(cy, "Bo has the floor.")
    await cy.reads("Ada has shared")
    await expect(bo.page.locator(":focus")).to_have_count(0)
    await expect(bo.field).to_have_value("First part\n\nSecond part")
    await expect(cy.texts).to_have_text([WELCOME, FIRST, SECOND])
    await tabs_to(bo, bo.field)
    await bo.page.keyboard.press("Enter")
    await expect(bo.field).to_have_value("First part\n\nSecond part\n")
    await expect(bo.texts).to_have_count(3)
    await enters(bo, "Send the first part")
    await expect(bo.field).to_have_value("Second part")
    await enters(bo, "Send all", "Done")
    await meeting.everyone_sees("First part", "Second part")
    await cy.reads("Bo has shared")
    await hears(cy, "Nobody has the floor now.")
    await enters(cy, "Say thanks", "I hear you")
    await meeting.everyone_sees("I hear you")
    spoken = await cy.page.evaluate("window.spoken")
    assert [[text.count(words) for text in spoken] for words in (FIRST, SECOND, "First part")] == [
        [1, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 0, 1, 0, 0],
    ]


async def they_close(meeting: Meeting) -> None:
    await enters(meeting.host, "Next: Milestones", "Next: Closing")
    for person in meeting.all:
        await hears(person, "Now: Closing.")
    await types(meeting.cy, meeting.cy.field, "Hope", "")
    await meeting.everyone_sees("One word to leave with.", "Hope")
    await expect(meeting.host.page.locator("#acts")).to_be_hidden()


async def test_a_growing_draft_does_not_move_what_is_read(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url)
    await goes_on_to(meeting, "Welcome")
    await goes_on_to(meeting, "Shares")
    await meeting.ada.presses("Raise my hand")
    long = "\n".join(f"Line {number}" for number in range(60))
    await meeting.ada.says(long)
    await meeting.cy.sees(long)
    end = "({ scrollHeight, scrollTop, clientHeight }) => Math.round(scrollHeight - scrollTop - clientHeight)"
    await draft(meeting.cy).fill("A line\n" * 5)
    for letter in "abc":
        await draft(meeting.cy).press_sequentially(letter)
        assert await meeting.cy.page.locator("#timeline").evaluate(end) <= 1
