"""A whole meeting in real browsers: on the embedded default, and spread over two processes with one Redis."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio
from browser import Crowd, Links, Person
from desk_screen import at_case, at_desk, opens
from playwright.async_api import expect
from relay import Network
from serving import serving

TITLE = "An evening for carers"
LONG = "thankyou" * 240
MARKUP = "<b>brave</b><img src=x onerror=alert(1)>"
ADDRESS = "My sister Kay is always to be found behind the old mill."
TAKEN_AWAY = "A moderator took this message away."
YOURS_TAKEN_AWAY = "A moderator took your message away."
MORE_THAN_AN_HOUR = re.compile(r"6[1-5] min left")
"""What is left of the hour when five minutes were added, however long the test took so far."""


@dataclass
class Place:
    """Where a meeting is held: over the usual network, and over that of a phone."""

    url: str
    mobile: Network


@pytest_asyncio.fixture(scope="module", params=["embedded", "two processes"])
async def place(request: pytest.FixtureRequest, valkey_url: str) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        if request.param == "embedded":
            servers = await stack.enter_async_context(serving())
            url = servers[0].url
        else:
            servers = await stack.enter_async_context(serving(processes=2, redis_url=valkey_url))
            url = (await stack.enter_async_context(Network([server.url for server in servers]))).url
        mobile = await stack.enter_async_context(Network([server.url for server in reversed(servers)]))
        yield Place(url, mobile)


@dataclass
class Meeting:
    crowd: Crowd
    place: Place
    links: Links
    host: Person
    moderator: Person
    phone: Person
    guest: Person

    @property
    def all(self) -> tuple[Person, ...]:
        return self.host, self.moderator, self.phone, self.guest

    @property
    def at_the_phone(self) -> Links:
        return self.links.at(self.place.mobile.url)

    async def everyone_sees(self, *texts: str) -> None:
        await asyncio.gather(*(person.sees(*texts) for person in self.all))


async def test_a_whole_meeting(crowd: Crowd, place: Place) -> None:
    meeting = await they_come_together(crowd, place)
    await they_talk(meeting)
    await words_stay_as_typed(meeting)
    await they_react(meeting)
    await words_are_taken_back(meeting)
    await a_report_is_acted_on(meeting)
    await someone_is_muted(meeting)
    await the_door_is_closed(meeting)
    await a_reload_loses_nothing(meeting)
    await a_lost_network_loses_nothing(meeting)
    await a_second_tab_takes_over(meeting)
    await the_host_comes_back_as_host(meeting)
    await roles_change(meeting)
    await a_removal_holds(meeting)
    await it_is_extended(meeting)
    await it_ends(meeting)


async def they_come_together(crowd: Crowd, place: Place) -> Meeting:
    host, moderator, phone, guest = await asyncio.gather(*(crowd.someone(is_phone) for is_phone in (False, False, True, False)))
    links = await host.opens_a_room(place.url, TITLE, "For everyone who is new.")
    await host.presses("Copy the host link")
    await expect(host.button("Copied")).to_be_visible()
    await host.presses("Go in as host")
    await host.comes_in()
    meeting = Meeting(crowd, place, links, host, moderator, phone, guest)
    await asyncio.gather(
        a_moderator_comes_in(meeting),
        phone.comes_in(meeting.at_the_phone.participant),
        guest.comes_in(links.participant),
    )
    for person in meeting.all:
        assert "#" not in person.page.url
        for other in meeting.all:
            await expect(person.person(other.name)).to_have_count(1)
    await expect(host.page.locator("#roster .role:visible")).to_have_text(["host", "moderator"])
    return meeting


async def a_moderator_comes_in(meeting: Meeting) -> None:
    await meeting.moderator.comes_to_the_door(meeting.links.moderator)
    await meeting.moderator.reads(TITLE, "For everyone who is new.", "You come in as moderator.")
    await meeting.moderator.comes_in()


async def they_talk(meeting: Meeting) -> None:
    said = []
    for number, person in enumerate((*meeting.all, *meeting.all)):
        said.append(f"This is the {number}. thing said")
        await person.says(said[-1])
        await expect(person.message(said[-1])).to_contain_text("Sent")
    for person in meeting.all:
        await expect(person.texts).to_have_text(said)


async def words_stay_as_typed(meeting: Meeting) -> None:
    await meeting.guest.says(LONG)
    await meeting.guest.says(MARKUP)
    await meeting.guest.says(ADDRESS)
    await meeting.everyone_sees(LONG, MARKUP, ADDRESS)
    await expect(meeting.phone.page.locator("#log").locator("a, b, img")).to_have_count(0)
    for part in ("html", "#timeline"):
        width = "(node) => node.scrollWidth - node.clientWidth"
        assert await meeting.phone.page.locator(part).evaluate(width) <= 0, part


async def they_react(meeting: Meeting) -> None:
    host, phone, guest = meeting.host, meeting.phone, meeting.guest
    await host.says("Thank you all for being here")
    await phone.reacts("Thank you all for being here", "heart")
    await guest.sees_reaction("Thank you all for being here", "heart, 1")
    await guest.touches(guest.message("Thank you all for being here").get_by_role("button", name="heart, 1"))
    await host.sees_reaction("Thank you all for being here", "heart, 2")
    await phone.touches(phone.message("Thank you all for being here").get_by_role("button", name="heart, 2"))
    await host.sees_reaction("Thank you all for being here", "heart, 1")


async def words_are_taken_back(meeting: Meeting) -> None:
    await meeting.phone.says("I said too much")
    await meeting.everyone_sees("I said too much")
    await meeting.phone.opens_message("I said too much")
    await meeting.phone.presses("Take it back")
    for person in meeting.all:
        await person.sees("This message was taken back.")
        await person.reads_nothing_of("I said too much")


async def a_report_is_acted_on(meeting: Meeting) -> None:
    host, moderator, phone, guest = meeting.all
    await phone.reports(ADDRESS, "It gives private details away", "Please look")
    await phone.reads("Thank you. The moderators have been told.")
    await moderator.reads("Someone asks the moderators to look at a message.")
    await at_case(moderator, guest.name, "Open")
    await moderator.reads("They say: Please look")
    await host.reads(f"{moderator.name} is looking at this.")
    await at_case(moderator, guest.name, "Take it away")
    for person in meeting.all:
        await person.reads(YOURS_TAKEN_AWAY if person is guest else TAKEN_AWAY)
        await person.reads_nothing_of(ADDRESS)
    await host.reads("Nothing waits for you.")
    await guest.reads_nothing_of("Please look")
    await expect(guest.page.locator("#desk")).to_be_hidden()


async def someone_is_muted(meeting: Meeting) -> None:
    _, moderator, phone, guest = meeting.all
    await moderator.touches(moderator.person(guest.name).get_by_role("button"))
    await moderator.presses(f"Mute {guest.name}")
    await moderator.chooses("Please leave room for others.")
    await moderator.presses("5 minutes")
    await expect(guest.status).to_have_text(
        "You're muted for 5 minutes. You can still listen and react. Reason: Please leave room for others."
    )
    await guest.says("Nobody may see this")
    await phone.says("I am still here")
    await guest.sees("I am still here")
    await expect(guest.field).to_have_value("Nobody may see this")
    await expect(phone.page.locator("body")).not_to_contain_text("muted", use_inner_text=True)
    await expect(moderator.person(guest.name)).to_contain_text("muted")
    await moderator.acts_on(guest.name, f"Unmute {guest.name}")
    await expect(guest.status).to_contain_text("The meeting is open.")
    await guest.says("I can write again")
    await meeting.everyone_sees("I can write again")
    await phone.reads_nothing_of("Nobody may see this")


async def the_door_is_closed(meeting: Meeting) -> None:
    host = meeting.host
    late = await meeting.crowd.someone(is_phone=True)
    await at_desk(host, "Closed")
    await late.comes_to_the_door(meeting.links.participant)
    await late.reads("The door is closed for now. The host can open it again.")
    await at_desk(host, "Open")
    await late.comes_in()
    await expect(host.person(late.name)).to_have_count(1)
    await expect(late.texts).to_have_count(0)
    await late.reads("What is said from now on appears here.")
    await host.says("Good that you came")
    await expect(late.texts).to_have_text(["Good that you came"])
    await late.presses("Meeting", "Leave the meeting", "Leave the meeting")
    await late.is_told("You have left the meeting")
    await late.keeps_nothing()
    await expect(host.person(late.name)).to_have_count(0)


async def a_reload_loses_nothing(meeting: Meeting) -> None:
    phone = meeting.phone
    await phone.field.fill("Half a thought")
    await phone.page.reload()
    await phone.is_in()
    await expect(phone.field).to_have_value("Half a thought")
    await expect(phone.person(phone.name)).to_contain_text("you")
    await phone.presses("Send")
    await meeting.everyone_sees("Half a thought")
    await expect(meeting.host.message("Half a thought")).to_contain_text(phone.name)


async def a_lost_network_loses_nothing(meeting: Meeting) -> None:
    host, _, phone, _ = meeting.all
    async with phone.without(meeting.place.mobile):
        await phone.says("Written without a network")
        await expect(phone.message("Written without a network")).to_contain_text("Sending")
        await host.says("Said while the phone was away")
        await phone.reads("Reconnecting. Your words are kept.")
    await expect(phone.banner).to_have_text("You are back.")
    await phone.sees("Said while the phone was away", "Written without a network")
    await expect(phone.message("Written without a network")).to_contain_text("Sent")
    await meeting.everyone_sees("Written without a network")


async def a_second_tab_takes_over(meeting: Meeting) -> None:
    guest = meeting.guest
    first = await guest.opens_a_tab(meeting.links.participant)
    await guest.is_in()
    await expect(guest.person(guest.name)).to_contain_text("you")
    await expect(first.get_by_role("heading", level=1)).to_have_text("You are in this meeting somewhere else")
    await guest.says("From the second tab")
    await meeting.everyone_sees("From the second tab")
    await first.close()


async def the_host_comes_back_as_host(meeting: Meeting) -> None:
    host = meeting.host
    await host.page.reload()
    await host.is_in()
    await expect(host.status).to_contain_text("You are hosting.")
    await host.sees("From the second tab")


async def roles_change(meeting: Meeting) -> None:
    host, _, phone, _ = meeting.all
    await host.acts_on(phone.name, f"Make {phone.name} a moderator")
    await expect(phone.person(phone.name)).to_contain_text("moderator")
    await phone.presses("Desk")
    await phone.reads("Nothing waits for you.")
    await phone.presses("Close")
    await host.acts_on(phone.name, f"Make {phone.name} a participant again")
    await expect(phone.button("Desk")).to_be_hidden()


async def a_removal_holds(meeting: Meeting) -> None:
    host, moderator, phone, guest = meeting.all
    await moderator.touches(moderator.person(guest.name).get_by_role("button"))
    await moderator.presses(f"Remove {guest.name}")
    await moderator.chooses("Disturbing the meeting")
    await moderator.presses(f"Remove {guest.name}")
    await guest.is_told("You have been removed from this meeting")
    await guest.reads("The reason: Disturbing the meeting")
    await guest.reads_nothing_of("From the second tab")
    await guest.page.reload()
    await guest.is_told("You have been removed from this meeting")
    first = await guest.opens_a_tab(meeting.links.participant)
    await guest.is_told("You have been removed from this meeting")
    await guest.page.close()
    guest.page = first
    disguised = await meeting.crowd.someone()
    await disguised.comes_to_the_door(meeting.links.participant)
    name = await disguised.page.locator("#door-name").inner_text()
    await disguised.presses("I agree, come in")
    await disguised.reads("You have knocked.")
    await expect(disguised.button("I agree, come in")).to_be_hidden()
    await expect(disguised.page.locator("#door-waiting")).to_be_focused()
    await disguised.presses("Stop waiting")
    await disguised.button("I agree, come in").wait_for()
    assert await disguised.page.locator("#door-name").inner_text() == name
    await expect(phone.person(guest.name)).to_have_count(0)
    await opens(host, "What was done")
    await host.presses("Let back in")
    await guest.presses("Try again")
    await guest.is_in()
    await guest.says("I am sorry, and back")
    await meeting.everyone_sees("I am sorry, and back")
    await expect(host.message("I am sorry, and back")).to_contain_text(guest.name)
    await disguised.button("I agree, come in").wait_for()


async def it_is_extended(meeting: Meeting) -> None:
    await meeting.host.presses("+5")
    await expect(meeting.phone.banner).to_contain_text("There is more time: the meeting now ends at")
    await expect(meeting.phone.page.locator("#facts")).to_contain_text(MORE_THAN_AN_HOUR)


async def it_ends(meeting: Meeting) -> None:
    await meeting.host.presses("End the meeting", "End the meeting")
    await asyncio.gather(*(nothing_is_left(meeting, person) for person in meeting.all))
    await meeting.phone.goes_to(meeting.at_the_phone.participant)
    await meeting.phone.is_told("There is no meeting here")


async def nothing_is_left(meeting: Meeting, person: Person) -> None:
    said = (TITLE, "I am sorry, and back")
    await person.is_told("The meeting has ended")
    await person.keeps_nothing()
    await person.reads_nothing_of(*said, *(one.name for one in meeting.all))
    await person.page.go_back()
    await person.reads_nothing_of(*said, meeting.links.words.replace(" ", "-"))
