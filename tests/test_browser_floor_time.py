"""What time brings about in a meeting with a course, in real browsers, by a clock that the test moves on."""

from browser import Crowd, Person, ask_for_a_room
from floor_meeting import FIRST, SCRIPT, Clock, a_clock
from keyboard import hears, listens
from playwright.async_api import expect

MINUTE_SECONDS = 60


async def ends(host: Person, *others: Person) -> None:
    """The host ends the meeting, and everyone is told."""
    await host.presses("End the meeting", "End the meeting")
    for person in (host, *others):
        await person.is_told("The meeting has ended")


async def test_the_sharer_hears_of_the_time_first(crowd: Crowd) -> None:
    async with a_clock() as clock:
        links = await ask_for_a_room(clock.url, script=SCRIPT)
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
            """Ada goes on writing."""
            await clock.at(seconds, host, ada)
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
        await host.reads("Ada has shared")
        await ends(host, ada)
        await ada.keeps_nothing()


async def test_a_moderator_takes_the_chair_of_a_lost_host(crowd: Crowd) -> None:
    async with a_clock() as clock:
        links = await ask_for_a_room(clock.url, script=SCRIPT)
        host, moderator = await crowd.someone(), await crowd.someone()
        await host.comes_in(links.host, "Quiet Heron")
        await moderator.comes_in(links.moderator, "Juniper")
        await host.presses("Next: Welcome")
        await moderator.reads("Welcome. You can listen and react.")
        await host.presses("Leave the meeting", "Leave the meeting")
        await expect(moderator.person("Quiet Heron")).to_have_count(0)
        await clock.at(61, moderator)
        await moderator.presses("Take the chair")
        await expect(moderator.person("Juniper")).to_contain_text("chair")
        await moderator.presses("Next: Shares")
        await expect(moderator.status).to_contain_text("You can write, or wait for a hand.")
        await host.comes_in(links.host, "Kind River")
        await expect(moderator.status).to_contain_text("You can raise your hand")
        await expect(moderator.button("Next: Milestones")).to_be_hidden()
        await ends(host, moderator)


# ---- the clock of the meeting --------------------------------------------------------------------------------------------


async def come_in(crowd: Crowd, clock: Clock, *names: str) -> list[Person]:
    """A host, then these people, in a meeting of an hour."""
    links = await ask_for_a_room(clock.url, script=SCRIPT, minutes=60)
    people = [await crowd.someone() for _ in ("Quiet Heron", *names)]
    for person, name in zip(people, ("Quiet Heron", *names), strict=True):
        await person.comes_in(links.participant if name in names else links.host, name)
    return people


async def chooses(host: Person, sheet: str, label: str, option: str) -> None:
    """In one of the sheets for who leads."""
    if not await host.button(sheet).is_visible():
        await host.touches(host.page.get_by_text("More for who leads"))
    await host.presses(sheet)
    await host.page.get_by_label(label).select_option(option)
    await host.presses("Keep")


async def test_after_the_end_people_may_stay_and_everyone_may_write(crowd: Crowd) -> None:
    async with a_clock() as clock:
        host, ada = await come_in(crowd, clock, "Ada")
        await chooses(host, "Time together after the end: no", "People may stay after the end for", "10 minutes")
        await host.button("Time together after the end: 10 minutes").wait_for()
        await host.presses("Next: Welcome")
        await expect(ada.page.locator("#words")).to_be_hidden()
        await listens(ada)
        await clock.at(60 * MINUTE_SECONDS)
        await hears(ada, "The meeting is over. Everyone can write.")
        await expect(host.button("Next: Shares")).to_be_hidden()
        await ada.says(FIRST)
        await host.sees(FIRST)
        await clock.at(70 * MINUTE_SECONDS)
        await ada.is_told("The meeting has ended")
        await ada.keeps_nothing()


async def test_by_the_clock_parts_follow_each_other_and_wait_for_a_sharer(crowd: Crowd) -> None:
    async with a_clock() as clock:
        host, ada = await come_in(crowd, clock, "Ada")
        await chooses(host, "How the floor is given", "A share lasts", "As long as it takes")
        await host.touches(host.page.get_by_label("Go on by the clock"))
        await ada.reads("Welcome, part 1 of 4")
        await clock.at(5 * MINUTE_SECONDS)
        await ada.reads("Shares, part 2 of 4")
        await ada.presses("Raise my hand")
        await ada.says(FIRST)
        await clock.at(40 * MINUTE_SECONDS, host, ada)
        await expect(ada.status).to_contain_text("You have the floor.")
        await ada.reads("Shares, part 2 of 4")
        await ada.presses("Done")
        await host.reads("Milestones, part 3 of 4")
        await ends(host, ada)


async def test_the_last_minutes_are_kept_for_those_who_have_not_shared(crowd: Crowd) -> None:
    async with a_clock() as clock:
        host, ada, bo = await come_in(crowd, clock, "Ada", "Bo")
        await host.presses("Next: Welcome", "Next: Shares")
        await chooses(host, "How the floor is given", "Keep the last minutes for them", "10 minutes")
        await ada.presses("Raise my hand")
        await ada.says(FIRST)
        await ada.presses("Done")
        await clock.at(50 * MINUTE_SECONDS)
        await ada.presses("Raise my hand")
        await expect(ada.banner).to_contain_text("These last minutes are kept for people who have not shared yet.")
        await bo.presses("Raise my hand")
        await expect(bo.status).to_contain_text("You have the floor.")
        await ends(host, ada, bo)
