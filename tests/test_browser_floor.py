"""A meeting with a course in real browsers: by keyboard alone, said aloud once, accessible in every view."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Links, Person, ask_for_a_room
from keyboard import LISTEN, enters, hears, listens, tabs_to
from playwright.async_api import Locator, expect
from relay import Network
from serving import Running, serving, serving_here

from chatroom.live.hub import Hub
from chatroom.log.memory import MemoryLogs

WELCOME = "Nobody has to speak.\n\nWhat you hear here, let it stay here."
SCRIPT = [
    {
        "title": "Welcome",
        "text": WELCOME,
        "mode": "host",
        "minutes": 5,
        "cue": "Wait until people have read.",
    },
    {"title": "Shares", "mode": "floor", "crosstalk": "thanks", "minutes": 30, "cue": "Thank each person by name."},
    {"title": "Milestones", "mode": "open", "crosstalk": "open", "kind": "milestones"},
    {"title": "Closing", "text": "One word to leave with.", "mode": "open", "crosstalk": "open", "kind": "closing"},
]
YOUR_TURN = "It is your turn. Write when you are ready."
FIRST, SECOND = "I nearly did not come.", "I am glad I did."
START_MS = 1_800_000_000_000
SECOND_MS = 1000


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


@dataclass
class Meeting:
    links: Links
    host: Person
    ada: Person
    bo: Person
    cy: Person

    @property
    def all(self) -> tuple[Person, ...]:
        return self.host, self.ada, self.bo, self.cy

    async def everyone_sees(self, *texts: str) -> None:
        await asyncio.gather(*(person.sees(*texts) for person in self.all))


async def a_meeting(crowd: Crowd, url: str, phones: bool = False, **fields: object) -> Meeting:
    """Quiet Heron hosts; Ada, Bo and Cy have come in; the first phase is still to begin."""
    links = await ask_for_a_room(url, **{"script": SCRIPT, **fields})
    people = [await crowd.someone(phones) for _ in range(4)]
    for person, name in zip(people, ("Quiet Heron", "Ada", "Bo", "Cy"), strict=True):
        await person.comes_in(links.host if person is people[0] else links.participant, name)
    return Meeting(links, *people)


def draft(person: Person) -> Locator:
    return person.page.get_by_label("Prepare my share")


async def goes_on_to(meeting: Meeting, title: str) -> None:
    await meeting.host.presses(f"Next: {title}")
    await expect(meeting.cy.page.locator("#facts")).to_contain_text(title)


async def types(person: Person, field: Locator, *lines: str) -> None:
    """By keyboard; Enter after each line but the last."""
    await tabs_to(person, field)
    for line in lines[:-1]:
        await person.page.keyboard.type(line)
        await person.page.keyboard.press("Enter")
    await person.page.keyboard.type(lines[-1])


# ---- a meeting by keyboard alone -----------------------------------------------------------------------------------------


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
    await expect(meeting.host.status).to_contain_text("You have the word")
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
    names = "#queue-list .who > span:first-child"
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
    await cy.reads("Ada is done")
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
    await cy.reads("Bo is done")
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


# ---- the time of a share -------------------------------------------------------------------------------------------------


async def test_the_sharer_hears_of_the_time_first(crowd: Crowd) -> None:
    now = START_MS
    hub = Hub(MemoryLogs(clock=lambda: now))
    async with serving_here(hub=hub) as server, Network([server.url]) as mobile:
        links = await ask_for_a_room(mobile.url, script=SCRIPT)
        host, ada = await crowd.someone(), await crowd.someone(is_phone=True)
        await host.comes_in(links.host, "Quiet Heron")
        await ada.comes_in(links.participant, "Ada")
        for title in ("Welcome", "Shares"):
            await host.presses(f"Next: {title}")
        await ada.presses("Raise my hand")
        await ada.says(FIRST)
        await host.sees(FIRST)
        for person in (host, ada):
            await listens(person)

        async def after(seconds: int) -> None:
            """The clock moves on; both pages learn of it as they come back. Ada goes on writing."""
            nonlocal now
            now = START_MS + seconds * SECOND_MS
            async with host.without(mobile), ada.without(mobile):
                pass
            for person in (host, ada):
                await expect(person.banner).not_to_contain_text("Reconnecting")
            await ada.field.press_sequentially("so ")
            await expect(host.page.locator(".still")).to_have_text("Ada is still writing")

        await after(185)
        await hears(ada, "About one minute left.")
        await expect(ada.status).to_contain_text("about a minute left")
        await expect(ada.page.get_by_role("timer")).to_contain_text("left")
        await expect(host.page.get_by_role("timer")).to_be_hidden()
        await expect(host.status).to_contain_text("Ada is sharing.")
        await after(215)
        await after(242)
        await hears(ada, "Please finish your thought.")
        await expect(host.status).to_contain_text("Ada is sharing.")
        await after(269)
        await after(290)
        await hears(host, "Time is up; Ada is finishing.")
        await expect(host.status).to_contain_text("Time is up; Ada is finishing.")
        told = " ".join(await host.page.evaluate("window.told"))
        assert "minute left" not in told
        assert "finish your" not in told
        await ada.field.fill("done")
        await ada.presses("Send")
        await host.reads("Ada is done")
        await host.presses("End the meeting", "End the meeting")
        await ada.is_told("The meeting has ended")
        await ada.keeps_nothing()


# ---- every view is fine --------------------------------------------------------------------------------------------------


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
    await host.presses("Close", "Meeting")
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


# ---- when the host is gone -----------------------------------------------------------------------------------------------


async def test_a_moderator_takes_the_chair_of_a_lost_host(crowd: Crowd) -> None:
    now = START_MS
    hub = Hub(MemoryLogs(clock=lambda: now))
    async with serving_here(hub=hub) as server, Network([server.url]) as mobile:
        links = await ask_for_a_room(mobile.url, script=SCRIPT)
        host, moderator = await crowd.someone(), await crowd.someone()
        await host.comes_in(links.host, "Quiet Heron")
        await moderator.comes_in(links.moderator, "Juniper")
        await host.presses("Next: Welcome")
        await moderator.reads("Welcome. You can listen and react.")
        await host.presses("Leave the meeting", "Leave the meeting")
        await expect(moderator.person("Quiet Heron")).to_have_count(0)
        now += 61 * SECOND_MS
        async with moderator.without(mobile):
            pass
        await moderator.presses("Take the chair")
        await expect(moderator.person("Juniper")).to_contain_text("chair")
        await moderator.presses("Next: Shares")
        await expect(moderator.status).to_contain_text("You can write, or wait for a hand.")
        await host.comes_in(links.host, "Quiet Heron")
        await expect(moderator.status).to_contain_text("You can raise your hand")
        await expect(moderator.button("Next: Milestones")).to_be_hidden()
        await host.presses("End the meeting", "End the meeting")
        await moderator.is_told("The meeting has ended")


# ---- what is easily broken -----------------------------------------------------------------------------------------------


async def test_a_growing_draft_does_not_move_what_is_read(crowd: Crowd, server: Running) -> None:
    meeting = await a_meeting(crowd, server.url)
    await goes_on_to(meeting, "Welcome")
    await goes_on_to(meeting, "Shares")
    await meeting.ada.presses("Raise my hand")
    await meeting.ada.says("One line\n" * 60)
    await meeting.cy.sees("One line\n" * 59 + "One line")
    end = "({ scrollHeight, scrollTop, clientHeight }) => Math.round(scrollHeight - scrollTop - clientHeight)"
    await draft(meeting.cy).fill("A line\n" * 5)
    for letter in "abc":
        await draft(meeting.cy).press_sequentially(letter)
        assert await meeting.cy.page.locator("#timeline").evaluate(end) <= 1


# ---- who leads looks after the list --------------------------------------------------------------------------------------


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
    await bo.reads("Ada is done")


async def an_invitation_leaves_no_trace(meeting: Meeting) -> None:
    host, ada, _, cy = meeting.all
    await listens(ada)
    await listens(cy)
    for answer in ("Not now", "Share now"):
        await host.acts_on("Cy", "Ask Cy to share")
        await expect(host.banner).to_contain_text("Cy is asked, and may say no without anyone knowing.")
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
    await expect(ada.page.locator("#queue-list .who > span:first-child")).to_have_text(["Cy", "Bo"])
    await draft(ada).fill("!")
    await draft(ada).press("Enter")
    await expect(ada.banner).not_to_be_empty()
    await expect(ada.button("Lower my hand")).to_be_hidden()
    await host.presses("Open the list")
    await ada.presses("Raise my hand")
    await bo.presses("Let one go first")
    await expect(host.page.locator("#queue-list .who > span:first-child")).to_have_text(["Cy", "Ada", "Bo"])
