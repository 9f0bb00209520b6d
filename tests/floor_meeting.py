"""A meeting with a course and its people, for tests in a real Chromium."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from browser import BROKEN_NETWORK, Crowd, Links, Person, ask_for_a_room
from playwright.async_api import Locator, expect
from relay import Network
from serving import serving_here

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
FIRST, SECOND = "I nearly did not come.", "I am glad I did."
START_MS = 1_800_000_000_000
SECOND_MS = 1000


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


class Clock:
    """A clock that stands still until it is moved on, and the way to the server that goes by it."""

    def __init__(self) -> None:
        self.now = START_MS
        self.network: Network

    @property
    def url(self) -> str:
        return self.network.url

    async def at(self, seconds: int, *people: Person) -> None:
        """So long after the beginning; the pages of these people, who are all there are, learn of it as they come back."""
        self.now = START_MS + seconds * SECOND_MS
        for person in people:
            await person.page.wait_for_load_state("networkidle")
            person.pardon(BROKEN_NETWORK)
        async with AsyncExitStack() as stack:
            for person in people:
                await stack.enter_async_context(person.without(self.network))
            for person in people:
                await expect(person.status).to_contain_text("Reconnecting")
        for person in people:
            await expect(person.status).not_to_contain_text("Reconnecting")
            await expect(person.banner).not_to_contain_text("Reconnecting")


@asynccontextmanager
async def a_clock() -> AsyncIterator[Clock]:
    clock = Clock()
    async with serving_here(hub=Hub(MemoryLogs(clock=lambda: clock.now))) as server, Network([server.url]) as network:
        clock.network = network
        yield clock
