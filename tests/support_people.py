"""People of a meeting in which support is asked for and given, as the tests in browsers need them."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from browser import Crowd, Links, Person, ask_for_a_room
from playwright.async_api import Locator
from websockets.asyncio.client import ClientConnection

WHOLE = "() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('support.css'))"
SCRIPT = [
    {"title": "Arriving", "mode": "floor", "crosstalk": "none", "kind": "check_in"},
    {"title": "Milestones", "mode": "open", "crosstalk": "open", "kind": "milestones"},
    {"title": "Closing", "mode": "open", "crosstalk": "open", "kind": "closing"},
]


class Quiet:
    """Someone without a page, who does what is asked and reads nothing."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._ref = socket, 0

    async def comes_in(self, links: Links, nickname: str) -> None:
        await self._socket.send(json.dumps({"do": "hello", "secret": links.words.replace(" ", "-")}))
        await self.does("join", nickname=nickname, accept_rules=True)

    async def does(self, command: str, **fields: object) -> dict[str, Any]:
        """The frame that answers."""
        self._ref += 1
        await self._socket.send(json.dumps({"do": command, "ref": self._ref, **fields}))
        async with asyncio.timeout(30):
            while (frame := json.loads(await self._socket.recv())).get("ref") != self._ref:
                pass
        assert frame["is"] != "refused", frame
        return dict(frame)


@dataclass
class Meeting:
    links: Links
    host: Person
    juniper: Person
    ada: Person

    @property
    def all(self) -> tuple[Person, ...]:
        return self.host, self.juniper, self.ada


async def a_meeting(crowd: Crowd, url: str, **fields: object) -> Meeting:
    """Quiet Heron hosts, Juniper moderates, Ada takes part on a phone; all pages are whole."""
    links = await ask_for_a_room(url, **fields)
    host, juniper, ada = await crowd.someone(), await crowd.someone(), await crowd.someone(is_phone=True)
    for person, link, name in (
        (host, links.host, "Quiet Heron"),
        (juniper, links.moderator, "Juniper"),
        (ada, links.participant, "Ada"),
    ):
        await person.comes_in(link, name)
        await is_whole(person)
    return Meeting(links, host, juniper, ada)


async def is_whole(person: Person) -> None:
    """What comes after the room has come too."""
    await person.page.wait_for_function(WHOLE)


def sheet(person: Person) -> Locator:
    return person.page.get_by_role("dialog").last


async def in_sheet(person: Person, *buttons: str) -> None:
    for name in buttons:
        await person.touches(sheet(person).get_by_role("button", name=name, exact=True))
