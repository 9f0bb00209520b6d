"""What a page keeps in the browser while a meeting lasts, and that it keeps nothing afterwards."""

import json
import re
import signal
from collections.abc import AsyncIterator

import pytest_asyncio
from browser import Crowd, Person, ask_for_a_room
from playwright.async_api import expect
from serving import Running, serving

KEPT = """async () => ({
  local: {...localStorage},
  tab: {...sessionStorage},
  others: [...await caches.keys(), ...(await indexedDB.databases()).map((one) => one.name), ...await cookieStore.getAll()],
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  state: history.state,
  title: document.title,
})"""
NOTHING = {"local": {}, "tab": {}, "others": [], "workers": 0, "state": None, "title": "Meeting"}


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving() as (server,):
        yield server


async def kept_by(person: Person) -> dict[str, object]:
    assert await person.context.cookies() == []
    assert "#" not in person.page.url
    kept: dict[str, object] = await person.page.evaluate(KEPT)
    return kept


async def test_a_browser_keeps_a_seat_a_tab_its_link_and_both_nothing_afterwards(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, title="Kumquat title")
    host = await crowd.someone()
    await host.comes_in(links.host, "Quiet Kumquat")
    await host.says("Kumquat text")
    await expect(host.message("Kumquat text")).to_contain_text("Sent")
    server.process.send_signal(signal.SIGSTOP)
    await host.says("Kumquat unsent")
    await host.page.get_by_label("Enter sends").uncheck()
    await host.field.fill("Kumquat draft")
    kept = await kept_by(host)
    server.process.send_signal(signal.SIGCONT)
    local, tab = kept.pop("local"), kept.pop("tab")
    assert kept == {name: NOTHING[name] for name in kept}
    assert isinstance(local, dict)
    assert isinstance(tab, dict)
    assert list(local) == ["meeting:seats"]
    assert re.fullmatch(
        r'\{"[0-9a-f]{4}":\{"device":"[0-9a-f]{18}","until":\d+,"seat":"[a-z2-7]{26}"\}\}', local["meeting:seats"]
    )
    held = {name.removeprefix("meeting:"): json.loads(value) for name, value in tab.items()}
    [unsent] = held.pop("unsent")
    assert unsent["text"] == "Kumquat unsent"
    assert held == {"link": links.host.partition("#")[2], "draft": "Kumquat draft", "enter": False}
    await expect(host.message("Kumquat unsent")).to_contain_text("Sent")
    await host.presses("End the meeting", "End the meeting")
    await host.is_told("The meeting has ended")
    assert await kept_by(host) == NOTHING


async def test_a_page_that_is_loaded_anew_says_that_it_is_the_newer_one(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, title="Tuesday newcomers")
    host = await crowd.someone()
    said: list[dict[str, object]] = []
    host.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: said.append(json.loads(frame))))
    await host.comes_in(links.host, "Quiet Heron")
    for _ in range(2):
        await host.page.reload()
        await host.is_in()
    hellos = [frame for frame in said if frame["do"] == "hello"]
    assert [(hello["page"], hello["attempt"]) for hello in hellos] == [(0, 1), (1, 1), (2, 1)]
    assert len({hello["device"] for hello in hellos}) == 1


async def test_a_typed_code_is_not_in_the_address(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, title="Tuesday newcomers")
    guest = await crowd.someone()
    visited: list[str] = []
    guest.page.on("framenavigated", lambda frame: visited.append(frame.url))
    await guest.goes_to(server.url)
    await guest.page.locator("[name=code]").fill(links.words)
    await guest.page.locator("[name=code]").press("Enter")
    await expect(guest.page.get_by_role("heading", name="Tuesday newcomers")).to_be_visible()
    assert {url.rpartition("/")[2] for url in visited} == {"", "r"}


async def test_a_page_that_was_left_for_the_door_holds_no_code(crowd: Crowd, server: Running) -> None:
    """A browser may keep that page as it was left: Back would show the six words to whoever comes next."""
    links = await ask_for_a_room(server.url)
    guest = await crowd.someone()
    await guest.context.route("**/r", lambda route: route.fulfill(status=204))
    await guest.goes_to(server.url)
    code = guest.page.locator("[name=code]")
    await code.fill(links.words)
    async with guest.page.expect_request("**/r"):
        await code.press("Enter")
    await expect(code).to_have_value("")


async def test_no_link_of_a_new_room_is_one_that_a_browser_opens(crowd: Crowd, server: Running) -> None:
    """With another mouse button or from its menu it would go into the history, the host's too."""
    host = await crowd.someone()
    links = await host.opens_a_room(server.url, "Tuesday newcomers", "Welcome")
    addresses = await host.page.evaluate("Array.from(document.links, (link) => link.href)")
    assert addresses
    assert not [address for address in addresses if links.words.replace(" ", "-") in address]
