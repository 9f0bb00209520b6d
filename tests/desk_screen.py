"""The moderators' desk as the tests in browsers see and use it, and the people without a page who give it something to do."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any

from browser import Links, Person
from clients import meet
from playwright.async_api import Locator, expect
from support_people import Quiet

_numbers = count()


def desk(person: Person) -> Locator:
    return person.page.locator("#desk")


def case(person: Person, text: str) -> Locator:
    """The case in which this stands."""
    return person.page.locator("#desk .case").filter(has_text=text)


async def at_desk(person: Person, *buttons: str) -> None:
    """One button after the other."""
    for name in buttons:
        await person.touches(desk(person).get_by_role("button", name=name, exact=True))


async def at_case(person: Person, text: str, *buttons: str) -> None:
    for name in buttons:
        await person.touches(case(person, text).first.get_by_role("button", name=name, exact=True))


async def opens(person: Person, summary: str) -> None:
    await person.touches(desk(person).locator("summary").filter(has_text=summary))


async def sees_kinds(person: Person, *kinds: str) -> None:
    """These sections stand at the desk, in this order."""
    await expect(person.page.locator("#desk h3[id]:visible")).to_have_text(list(kinds))


class Outsider(Quiet):
    """Someone without a page, who is connected from coming in or knocking on. `id` is the participant's, once in."""

    def __init__(self, url: str, stack: AsyncExitStack) -> None:
        self._url, self._stack, self._ref, self.id = f"{url.replace('http', 'ws', 1)}/ws", stack, 0, ""

    async def _joins(self, links: Links, nickname: str) -> dict[str, Any]:
        self._socket = await self._stack.enter_async_context(meet(self._url))
        await self._socket.send(json.dumps({"do": "hello", "secret": links.words.replace(" ", "-")}))
        return await self.does("join", nickname=nickname, accept_rules=True)

    async def comes_in(self, links: Links, nickname: str) -> None:
        self.id = (await self._joins(links, nickname))["room"]["me"]["participant"]

    async def knocks(self, links: Links, nickname: str) -> None:
        assert (await self._joins(links, nickname))["is"] == "knocking"

    async def hears(self, text: str) -> None:
        """This is said to them alone."""
        async with asyncio.timeout(30):
            while json.loads(await self._socket.recv()).get("text") != text:
                pass

    async def says(self, text: str) -> str:
        answer = await self.does("post", origin_id=f"origin-number-{next(_numbers)}", text=text)
        return str(answer["id"])


@asynccontextmanager
async def outside(url: str, number: int) -> AsyncIterator[list[Outsider]]:
    """So many people without a page, who have not come yet."""
    async with AsyncExitStack() as stack:
        yield [Outsider(url, stack) for _ in range(number)]
