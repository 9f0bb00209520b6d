"""Moderators without a page, for tests of the participants' side of a safe room."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from browser import Person
from clients import meet
from playwright.async_api import Locator
from screen import Frame
from serving import Running, ServerHere
from talking import Talker


@asynccontextmanager
async def at_the_desk(server: Running | ServerHere, link: str, nickname: str = "Juniper") -> AsyncIterator["Desk"]:
    """Someone who came in with this link and does what is asked."""
    secret, _, token = link.partition("#")[2].partition(".")
    talker = Desk(await meet(server.ws_url), server.url)
    await talker.say({"do": "hello", "secret": secret, "token": token, "ref": 0})
    await talker.until(lambda: talker.frames)
    await talker.does("join", nickname=nickname, accept_rules=True)
    try:
        yield talker
    finally:
        await talker.cut()


class Desk(Talker):
    async def does(self, do: str, **fields: object) -> Frame:
        answer = await self.ask(do, **fields)
        assert answer["is"] != "refused", answer
        return answer

    async def sees(self, event: str, **fields: object) -> Frame:
        """The newest entry of this kind with these fields."""

        def found() -> list[Frame]:
            entries = [frame for frame in self.frames if frame.get("event") == event]
            return [frame for frame in entries if all(frame[name] == value for name, value in fields.items())]

        await self.until(found)
        return found()[-1]

    async def id_of(self, nickname: str) -> str:
        people: dict[str, Frame] = self.welcome["room"]["people"]
        known = [name for name, person in people.items() if person["nickname"] == nickname]
        return known[0] if known else str((await self.sees("joined", nickname=nickname))["participant"])


def nudge(person: Person) -> Locator:
    return person.page.get_by_role("group", name="Before you send")


def words(**verdicts: str) -> list[dict[str, str]]:
    """The list of words of a room, each with its verdict."""
    return [{"pattern": pattern, "kind": "literal", "verdict": verdict} for pattern, verdict in verdicts.items()]
