"""People in a real Chromium: what they do and what they see, in the words of a meeting."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import pytest_asyncio
from need import NO_CHROMIUM, find_chromium
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    WebSocket,
    async_playwright,
    expect,
)
from relay import Network

NOT_NEEDED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,HttpsUpgrades,MediaRouter,NetworkTimeServiceQuerying,"
    "OptimizationHints,PaintHolding,PreconnectToSearch"
)
"""What a browser does beside showing pages, which takes half of its time. It replaces Playwright's own list."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={NOT_NEEDED}",
)
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
SETTLED: dict[str, Any] = {"locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce"}
TELL_VIOLATIONS = (
    "addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`))"
)
WAIT_MS = 15_000
expect.set_options(timeout=WAIT_MS)
STORED = "() => [localStorage, sessionStorage].flatMap((store) => Object.keys(store))"
BROKEN_NETWORK = r"^WebSocket connection to|net::ERR_"


@dataclass(frozen=True)
class Links:
    """What the one who opens a room is given."""

    host: str
    moderator: str
    participant: str
    words: str

    def at(self, url: str) -> "Links":
        """The same room, reached over another network."""
        here = self.participant.partition("/r#")[0]
        return Links(*(text.replace(here, url) for text in (self.host, self.moderator, self.participant, self.words)))


class Person:
    """Someone with a browser profile of their own. What must never happen on a page is noted in `mistakes`."""

    def __init__(self, context: BrowserContext, page: Page, is_phone: bool) -> None:
        self.context, self.page, self.is_phone = context, page, is_phone
        self.name = ""
        self.mistakes: list[str] = []
        self._pardoned = [re.compile("$^")]
        self._home = ""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.mistakes.append(str(error.error)))
        context.on("request", self._see_request)
        page.on("websocket", self._see_request)

    # ---- what must not happen ----------------------------------------------------------------------------------------

    def pardon(self, pattern: str) -> None:
        """From now on a console line or an address that this pattern finds is no mistake."""
        self._pardoned.append(re.compile(pattern))

    def _note(self, what: str, text: str) -> None:
        if not any(pattern.search(text) for pattern in self._pardoned):
            self.mistakes.append(f"{self.name} {what}: {text}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(message.type, message.text)

    def _see_request(self, request: Request | WebSocket) -> None:
        if urlsplit(request.url).netloc != self._home:
            self._note("asked elsewhere", request.url)

    # ---- anywhere ----------------------------------------------------------------------------------------------------

    async def goes_to(self, url: str) -> None:
        self._home = urlsplit(url).netloc
        await self.page.goto(url)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def touches(self, target: Locator) -> None:
        await (target.tap() if self.is_phone else target.click())

    async def presses(self, *names: str) -> None:
        """One button after the other."""
        for name in names:
            await self.touches(self.button(name))

    async def chooses(self, label: str) -> None:
        await self.touches(self.page.get_by_role("radio", name=label, exact=True))

    async def reads(self, *sentences: str) -> None:
        """Each of these stands on the page."""
        for sentence in sentences:
            await self.page.get_by_text(sentence).filter(visible=True).first.wait_for()

    async def reads_nothing_of(self, *words: str) -> None:
        """None of these is anywhere in the page, seen or unseen."""
        for some in words:
            await expect(self.page.locator("html")).not_to_contain_text(some, use_inner_text=False)

    async def is_told(self, title: str) -> None:
        """A page with this title has taken the place of everything else."""
        await self.page.get_by_role("heading", level=1, name=title, exact=True).wait_for()

    async def keeps_nothing(self) -> None:
        assert await self.page.evaluate(STORED) == []

    # ---- opening a room ----------------------------------------------------------------------------------------------

    async def opens_a_room(self, url: str, title: str, welcome: str) -> Links:
        await self.goes_to(url + "/")
        await self.touches(self.page.get_by_role("link", name="Open a room"))
        await self.page.get_by_label("What is the meeting called?").fill(title)
        await self.page.get_by_label("A welcome").fill(welcome)
        await self.presses("Open the room")
        await self.is_told("Your room is open")
        ids = ("host-link", "moderator-link", "participant-link", "result-code")
        host, moderator, participant, words = [await self.page.locator(f"#{name}").inner_text() for name in ids]
        return Links(host, moderator, participant, words)

    # ---- the door ----------------------------------------------------------------------------------------------------

    async def comes_to_the_door(self, link: str) -> None:
        await self.goes_to(link)
        await self.page.locator("#door").wait_for()

    async def comes_in(self, link: str = "", name: str = "") -> None:
        """Through the door, under the suggested pseudonym unless a name is given."""
        if link:
            await self.goes_to(link)
        await self.button("I agree, come in").wait_for()
        if name:
            await self.chooses_a_name(name)
        self.name = name or await self.page.locator("#door-name").inner_text()
        await self.presses("I agree, come in")
        await self.is_in()

    async def chooses_a_name(self, name: str) -> None:
        await self.button("I agree, come in").wait_for()
        if await self.button("Choose my own").is_visible():
            await self.presses("Choose my own")
        await self.page.get_by_label("Your name here").fill(name)

    async def is_in(self) -> None:
        await self.field.wait_for()

    # ---- the room ----------------------------------------------------------------------------------------------------

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Write to everyone")

    @property
    def status(self) -> Locator:
        return self.page.locator("#status")

    @property
    def banner(self) -> Locator:
        return self.page.locator("#banner")

    @property
    def texts(self) -> Locator:
        """What was said, in order, without what is still on its way."""
        return self.page.locator("#log .message:not(.pending):not(.failed) .text")

    def message(self, text: str) -> Locator:
        return self.page.locator("#log .message").filter(has=self.page.locator(".text").get_by_text(text, exact=True))

    def person(self, name: str) -> Locator:
        return self.page.locator("#roster li").filter(has=self.page.get_by_text(name, exact=True))

    async def says(self, text: str) -> None:
        await self.field.fill(text)
        await (self.presses("Send") if self.is_phone else self.field.press("Enter"))

    async def sees(self, *texts: str) -> None:
        """Each of these messages, once."""
        for text in texts:
            await self.message(text).wait_for()

    async def opens_message(self, text: str) -> None:
        await self.touches(self.message(text).locator(".more"))

    async def reacts(self, text: str, reaction: str) -> None:
        await self.opens_message(text)
        await self.presses(reaction)

    async def sees_reaction(self, text: str, spoken: str) -> None:
        await self.message(text).get_by_role("button", name=spoken, exact=True).wait_for()

    async def reports(self, text: str, reason: str, words: str = "") -> None:
        await self.opens_message(text)
        await self.presses("Report to the moderators")
        await self.chooses(reason)
        await self.page.get_by_label("A few words, if you like").fill(words)
        await self.presses("Tell the moderators")

    async def acts_on(self, name: str, *buttons: str) -> None:
        """From the list of people."""
        await self.touches(self.person(name).get_by_role("button"))
        await self.presses(*buttons)

    async def opens_a_tab(self, url: str) -> Page:
        """A second tab of the same browser; it is the one in use from now on. Gives the first."""
        first, self.page = self.page, await self.context.new_page()
        self.page.on("websocket", self._see_request)
        await self.goes_to(url)
        return first

    @asynccontextmanager
    async def without(self, network: Network) -> AsyncIterator[None]:
        """The network is gone for a while."""
        self.pardon(BROKEN_NETWORK)
        await network.cut()
        async with self.offline():
            yield
            await network.mend()

    @asynccontextmanager
    async def offline(self) -> AsyncIterator[None]:
        """The browser says that it is offline, and opens nothing new. What is open stays so."""
        self.pardon(BROKEN_NETWORK)
        await self.context.set_offline(True)
        yield
        await self.context.set_offline(False)


class Crowd:
    """The people of one test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._stack = AsyncExitStack()
        self.people: list[Person] = []

    async def someone(self, is_phone: bool = False, **options: Any) -> Person:
        context = await self._browser.new_context(**{**(PHONE if is_phone else DESKTOP), **SETTLED, **options})
        self._stack.push_async_callback(context.close)
        context.set_default_timeout(WAIT_MS)
        await context.add_init_script(TELL_VIOLATIONS)
        self.people.append(Person(context, await context.new_page(), is_phone))
        return self.people[-1]

    async def go_home(self) -> list[str]:
        """Close everything; what went wrong on any page. Before its server stops: a page would try to come back to it."""
        await self._stack.aclose()
        return [mistake for person in self.people for mistake in person.mistakes]


async def ask_for_a_room(url: str, **fields: object) -> Links:
    """Open a room without a page."""
    async with httpx2.AsyncClient() as client:
        body = {"title": "Tuesday newcomers", "needs_moderator": False, **fields}
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        answer = await client.post(f"{url}/api/rooms", json=body, headers={"Origin": origin})
        room = answer.raise_for_status().json()
    link = f"{url}/r#{room['secret']}"
    return Links(f"{link}.{room['host_token']}", f"{link}.{room['moderator_token']}", link, room["secret"].replace("-", " "))


@asynccontextmanager
async def a_chromium() -> AsyncIterator[Browser]:
    path = find_chromium()
    if not path:
        pytest.fail(NO_CHROMIUM)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with a_chromium() as browser:
        yield browser


@pytest_asyncio.fixture
async def crowd(chromium: Browser) -> AsyncIterator[Crowd]:
    """People for one test. It fails when a page logs an error, breaks its policy, or asks another server for anything."""
    crowd = Crowd(chromium)
    yield crowd
    mistakes = await crowd.go_home()
    assert not mistakes, mistakes
