"""What a first visit weighs, counted on the wire: docs/performance.md and README.md state no less, and not much more."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from browser import Crowd, Links, Person, ask_for_a_room
from playwright.async_api import Request
from relay import Proxy, Wire
from serving import ROOT, Running, serving

KB = 1000
LEAST_SHARE = 0.85
"""A figure that is stated is at most so far above what was measured."""
STATED = re.compile(r"^\| ([\w, ]+) \| (\d+) \|$", re.MULTILINE)
IDLE = "() => new Promise((done) => requestIdleCallback(() => requestIdleCallback(() => done())))"
ALIVE = "/healthz"
"""What a page asks for the time alone. It does not read the answer, so that the request never finishes."""
FIRST_WORDS = "Good that you are all here."

SCRIPT = json.loads((ROOT / "static/scripts/newcomers.json").read_text("utf-8"))["phases"]
RULES = ["Speak for yourself.", "No advice unless asked.", "What you hear here stays here."]


class Scales(Proxy):
    """A wire that counts what goes to the browser: files and their headers, and what comes over the socket."""

    def __init__(self, server: str) -> None:
        super().__init__([urlsplit(server).port or 0])
        self.url = f"http://127.0.0.1:{self.port}"
        self.received_bytes = 0

    async def _answer(self, wire: Wire, data: bytes) -> None:
        self.received_bytes += len(data)
        await super()._answer(wire, data)


class Visit:
    """A phone with an empty cache. What was weighed is kept by its name in docs/performance.md."""

    def __init__(self, person: Person, scales: Scales, links: Links) -> None:
        self.person, self.links = person, links.at(scales.url)
        self.url = scales.url
        self.weighed: dict[str, float] = {}
        self._scales = scales
        self._asked, self._under_way = 0, set[Request]()
        person.page.on("request", self._ask)
        person.page.on("requestfinished", self._have)
        person.page.on("requestfailed", self._have)

    def _ask(self, request: Request) -> None:
        self._asked += 1
        if not request.url.endswith(ALIVE):
            self._under_way.add(request)

    def _have(self, request: Request) -> None:
        self._under_way.discard(request)

    async def loads(self, url: str) -> None:
        """With the help lines, which come last."""
        async with self.person.page.expect_event("requestfinished", lambda request: "/help/" in request.url):
            await self.person.goes_to(url)

    async def weigh(self, name: str) -> None:
        """Once everything is there, also what the page asks for when it has nothing else to do."""
        asked = -1
        while self._under_way or asked < self._asked:
            asked = self._asked
            await self.person.page.evaluate(IDLE)
        self.weighed[name] = self._scales.received_bytes / KB


async def by_the_first_page(visit: Visit) -> None:
    await visit.loads(visit.url + "/")
    await visit.person.is_told("Someone here understands")
    await visit.weigh("the first page")
    await visit.person.page.get_by_label("Your room code").fill(visit.links.words)
    await visit.person.presses("Go to the door")
    await comes_in(visit, "by the first page and a code to the door", "by the first page and a code in the room")


async def opening_a_room(visit: Visit) -> None:
    await visit.loads(visit.url + "/open")
    await visit.person.is_told("Open a room")
    await visit.weigh("the page that opens a room")


async def as_participant(visit: Visit) -> None:
    await visit.loads(visit.links.participant)
    await comes_in(visit, "a link to the door", "a participant in the room")


async def as_moderator(visit: Visit) -> None:
    await visit.loads(visit.links.moderator)
    await comes_in(visit, "a link to the door", "a moderator in the room")


async def as_host(visit: Visit) -> None:
    await visit.loads(visit.links.host)
    await comes_in(visit, "a link to the door", "a host in the room")


async def comes_in(visit: Visit, door: str, room: str) -> None:
    person = visit.person
    await person.chooses_a_name("Juniper")
    await visit.weigh(door)
    await person.presses("I agree, come in")
    await person.sees(FIRST_WORDS)
    await person.presses("Meeting")
    await person.reads("part 1 of", *RULES)
    await person.presses("Close")
    await visit.weigh(room)


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


def stated() -> dict[str, int]:
    _, _, after = (ROOT / "docs/performance.md").read_text("utf-8").partition("## What a first visit weighs\n")
    return {name: int(kb) for name, kb in STATED.findall(after.partition("\n## ")[0])}


@pytest.mark.parametrize("goes", [by_the_first_page, opening_a_room, as_participant, as_moderator, as_host])
async def test_a_first_visit_weighs_what_is_stated(
    crowd: Crowd, server: Running, goes: Callable[[Visit], Awaitable[None]]
) -> None:
    """In a meeting that has begun by a script of ours, with rules and a welcome."""
    fields = {"script": SCRIPT, "rules": RULES, "welcome": "It is good that you are here.", "late_joiners": "everything"}
    links = await ask_for_a_room(server.url, **fields)
    host = await crowd.someone()
    await host.comes_in(links.host, "Quiet Heron")
    await host.presses(f"Next: {SCRIPT[0]['title']}")
    await host.says(FIRST_WORDS)
    async with Scales(server.url) as scales:
        visit = Visit(await crowd.someone(is_phone=True), scales, links)
        await goes(visit)
        await visit.person.context.close()
    figures = stated()
    wrong = {name: kb for name, kb in visit.weighed.items() if not LEAST_SHARE * figures[name] <= kb <= figures[name]}
    assert not wrong, f"docs/performance.md and README.md state { {name: figures[name] for name in wrong} }"


def test_the_readme_states_the_same() -> None:
    figures, readme = stated(), (ROOT / "README.md").read_text("utf-8")
    assert f"receives at most {figures['a link to the door']} KB to the door" in readme
    assert f"and {figures['a participant in the room']} KB until it is in the room" in readme
    assert f"a moderator's {figures['a moderator in the room']} KB" in readme
