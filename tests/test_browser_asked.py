"""Check-ins and polls in real browsers: said aloud once, answered once, and nobody learns whose answer it was."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person
from clients import meet
from keyboard import enters, hears, listens, tabs_to
from playwright.async_api import expect
from serving import Running, serving
from support_people import SCRIPT, Quiet, a_meeting, in_sheet, sheet

ASKED = "A check-in: how are you, right now?"


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def answers(person: Person, feeling: str, urge: int) -> None:
    await person.presses("Answer the check-in")
    await person.chooses(feeling)
    await person.chooses(str(urge))
    await in_sheet(person, "Answer")
    await expect(sheet(person)).to_contain_text(f"You answered {feeling}, and {urge} for the urge. Only you see this.")
    await in_sheet(person, "Close")


# ---- check-in ------------------------------------------------------------------------------------------------------------


async def test_a_check_in_shows_the_room_and_nobody_in_it(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url)
    host, juniper, ada = meeting.all
    async with meet(server.ws_url) as one, meet(server.ws_url) as two:
        others = [Quiet(one), Quiet(two)]
        for other, name in zip(others, ("Bo", "Cy"), strict=True):
            await other.comes_in(meeting.links, name)
        for person in (juniper, ada):
            await listens(person)
        await host.presses("Ask the room")
        await is_fine(host)
        await host.presses("Start a check-in, all at once")
        await hears(juniper, ASKED)
        await hears(ada, ASKED)
        await one_answers_by_keyboard(juniper)
        await one_passes_and_thinks_again(ada)
        await answers(host, "calm", 0)
        await others[0].does("check_in", feeling="tired", urge=7)
        await host.presses("Check-in: 4 have answered")
        await in_sheet(host, "Close it and show the picture")
        for person in (juniper, ada):
            await hears(person, "The check-in is closed. You can see the picture of the room.")
        await expect(sheet(host)).to_contain_text("Fewer than five answered, so no picture is shown.")
        await expect(sheet(host)).to_contain_text("You answered calm, and 0 for the urge.")
        await expect(sheet(host)).not_to_contain_text("tired")
        await in_sheet(host, "Close")
        await ada.presses("See the picture of the room")
        await in_sheet(ada, "Close")
        await expect(ada.page.locator("#asks")).to_be_hidden()
        for urge in (6, 2):
            await host.presses("Ask the room", "Start a check-in, all at once")
            await host.button("Answer the check-in").wait_for()
            for other in others:
                await other.does("check_in", feeling="lonely", urge=urge)
            await asyncio.gather(answers(juniper, "numb", urge), answers(ada, "lonely", urge), answers(host, "calm", 0))
            await host.presses("Check-in: 5 have answered")
            await in_sheet(host, "Close it and show the picture", "Close")
        await both_pictures_stand_together(ada)


async def one_answers_by_keyboard(juniper: Person) -> None:
    keyboard = juniper.page.keyboard
    await enters(juniper, "Answer the check-in", "Answer")
    await expect(sheet(juniper).get_by_role("alert")).to_have_text("Please choose a feeling and a number, or pass.")
    await expect(sheet(juniper).get_by_role("radio", name="calm")).to_be_focused()
    await keyboard.press("ArrowDown")
    await expect(sheet(juniper).get_by_role("radio", name="hopeful")).to_be_checked()
    await tabs_to(juniper, sheet(juniper).get_by_role("radio", name="0", exact=True))
    for _ in range(3):
        await keyboard.press("ArrowRight")
    await enters(juniper, "Answer")
    await expect(sheet(juniper)).to_contain_text("You answered hopeful, and 3 for the urge. Only you see this.")
    await expect(sheet(juniper).locator(".stack")).to_be_focused()
    await keyboard.press("Escape")
    await expect(juniper.button("Check-in: 1 has answered")).to_be_focused()


async def one_passes_and_thinks_again(ada: Person) -> None:
    await ada.presses("Answer the check-in")
    await is_fine(ada)
    await in_sheet(ada, "Pass")
    await expect(sheet(ada)).to_contain_text("You passed.")
    await expect(sheet(ada).get_by_role("button", name="Pass")).to_have_count(0)
    await ada.chooses("sad")
    await ada.chooses("10")
    await in_sheet(ada, "Answer")
    await expect(sheet(ada)).to_contain_text("You answered sad, and 10 for the urge.")
    await in_sheet(ada, "Close")


async def both_pictures_stand_together(ada: Person) -> None:
    await ada.presses("See the picture of the room")
    await expect(sheet(ada).get_by_role("heading", level=3)).to_have_text(["Second check-in", "Third check-in"])
    await expect(sheet(ada).locator(".spoken")).to_have_text(
        ["The urge: 1 person 0, 4 people 6.", "The urge: 1 person 0, 4 people 2."]
    )
    feelings = sheet(ada).get_by_role("list").first.get_by_role("listitem")
    await expect(feelings).to_have_text(["calm1", "lonely3", "numb1"])
    await is_fine(ada)
    await in_sheet(ada, "Close")
    await ada.presses("Meeting", "First check-in")
    await expect(sheet(ada)).to_contain_text("Fewer than five answered")


async def test_a_check_in_in_turn_goes_round(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url, script=SCRIPT)
    host, juniper, ada = meeting.all
    await host.presses("Next: Arriving")
    await host.presses("Start the check-in")
    await expect(host.status).to_contain_text("You have the floor.")
    await expect(juniper.status).to_contain_text("It is your turn next.")
    await ada.presses("Answer the check-in")
    await expect(sheet(ada)).to_contain_text("It goes round")
    await in_sheet(ada, "Pass", "Close")
    await expect(host.page.locator("#queue-list .who > bdi")).to_have_text(["Juniper"])


# ---- polls ---------------------------------------------------------------------------------------------------------------


async def opens_a_poll(host: Person, question: str, kind: str, live: bool) -> None:
    await host.presses("Ask the room", "Open a poll")
    await in_sheet(host, "Open the poll")
    await expect(sheet(host).get_by_role("alert")).to_have_text("Please write a question.")
    await sheet(host).get_by_label("The question").fill(question)
    await sheet(host).get_by_label("The options").fill("Sleep")
    await in_sheet(host, "Open the poll")
    await expect(sheet(host).get_by_role("alert")).to_have_text("Please write 2 to 10 options, one a line. This has 1.")
    await sheet(host).get_by_label("The options").fill("Sleep\nWork & <b>weekend</b>\n\nTelling someone")
    await host.chooses(kind)
    await sheet(host).get_by_label("Show the counts").set_checked(live)
    await in_sheet(host, "Open the poll")
    await expect(host.page.get_by_role("dialog")).to_have_count(0)


async def test_polls_count_votes_and_tell_nobody_whose(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url)
    host, juniper, ada = meeting.all
    await listens(ada)
    await opens_a_poll(host, "What shall we talk about?", "Several choices", live=True)
    await hears(ada, "A poll: What shall we talk about?")
    await ada.presses("Vote in the poll")
    await in_sheet(ada, "Vote")
    await expect(sheet(ada).get_by_role("alert")).to_have_text("Please choose first.")
    for option in ("Sleep", "Work & <b>weekend</b>"):
        await ada.touches(sheet(ada).get_by_label(option))
    await is_fine(ada)
    await in_sheet(ada, "Vote")
    items = sheet(ada).get_by_role("listitem")
    await expect(items).to_have_text(
        ["Sleep your vote1 vote", "Work & <b>weekend</b> your vote1 vote", "Telling someone0 votes"]
    )
    await juniper.presses("Vote in the poll")
    await juniper.touches(sheet(juniper).get_by_label("Sleep"))
    await in_sheet(juniper, "Vote", "Close")
    await expect(items).to_have_text(
        ["Sleep your vote2 votes", "Work & <b>weekend</b> your vote1 vote", "Telling someone0 votes"]
    )
    await host.presses("Vote in the poll")
    await in_sheet(host, "Close the poll")
    await expect(sheet(host)).to_contain_text("2 have voted.")
    await in_sheet(host, "Close")
    await hears(ada, "The poll is closed. You can see what it says.")


async def test_an_order_of_preference_by_keyboard(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url)
    host, juniper, ada = meeting.all
    await opens_a_poll(host, "In which order?", "An order of preference, counted in points", live=False)
    await juniper.button("Vote in the poll").wait_for()
    await listens(juniper)
    await enters(juniper, "Vote in the poll", "Choose: Telling someone")
    await expect(sheet(juniper).get_by_role("button", name="Take out: Telling someone")).to_be_focused()
    await enters(juniper, "Choose: Sleep", "Choose: Work & <b>weekend</b>", "Move up: Work & <b>weekend</b>")
    await expect(sheet(juniper).get_by_role("button", name="Move up: Work & <b>weekend</b>")).to_be_focused()
    await hears(juniper, "Work & <b>weekend</b> is your number 2.")
    await enters(juniper, "Take out: Sleep")
    await hears(juniper, "Sleep is taken out.")
    await is_fine(juniper)
    await enters(juniper, "Vote")
    await expect(sheet(juniper)).to_contain_text("You voted: Telling someone, Work & <b>weekend</b>. Only you see this.")
    await expect(sheet(juniper)).to_contain_text("What the votes come to is shown when the poll is closed.")
    await in_sheet(juniper, "Close")
    await host.presses("Vote in the poll")
    await in_sheet(host, "Close the poll", "Close")
    await ada.presses("See what the poll says")
    await expect(sheet(ada).get_by_role("listitem")).to_have_text(
        ["Sleep0 points", "Work & <b>weekend</b>2 points", "Telling someone3 points"]
    )
    await expect(sheet(ada)).to_contain_text("These are points")
    await is_fine(ada)
