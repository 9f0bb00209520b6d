"""A crowded room in a browser: the number at once, the whole list when someone asks for it."""

from collections.abc import AsyncIterator
from itertools import count

import pytest_asyncio
from browser import Crowd, Links, Person, ask_for_a_room
from house import Guest, generous
from playwright.async_api import expect
from pseudonyms import pseudonyms
from serving import ServerHere, serving_here

from chatroom.core.limits import CROWD_PEOPLE
from chatroom.live.hub import Hub
from chatroom.log.memory import MemoryLogs

NAMES = pseudonyms(CROWD_PEOPLE + 30)
_addresses = count(1)


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[ServerHere]:
    async with serving_here(hub=Hub(MemoryLogs(), generous())) as server:
        yield server


def fill(server: ServerHere, links: Links, names: list[str]) -> None:
    """All these come in, without browsers, as soon as someone waits."""
    guests = [Guest(server.hub, f"10.0.{number >> 8}.{number & 255}") for number, _ in zip(_addresses, names, strict=False)]
    for guest, name in zip(guests, names, strict=True):
        guest.say("hello", secret=links.words.replace(" ", "-"))
        guest.say("join", nickname=name, accept_rules=True)


async def sees_here(person: Person, number: int) -> None:
    await expect(person.page.locator("#facts")).to_contain_text(f"{number} here")


async def test_a_participant_sees_how_many_are_here_and_asks_who_they_are(crowd: Crowd, server: ServerHere) -> None:
    links = await ask_for_a_room(server.url, capacity=1000)
    host, guest = await crowd.someone(), await crowd.someone(is_phone=True)
    await host.comes_in(links.host, "Quiet Heron")
    fill(server, links, NAMES[: CROWD_PEOPLE + 20])
    await guest.comes_in(links.participant, "Ember")
    roster = guest.page.locator("#roster li")
    await sees_here(guest, CROWD_PEOPLE + 22)
    await expect(roster).to_have_count(1)
    await guest.presses(f"People {CROWD_PEOPLE + 22}")
    await expect(roster).to_have_count(CROWD_PEOPLE + 22)
    await guest.reads("Everyone who was here at")
    await expect(guest.person("Ember")).to_contain_text("you")
    fill(server, links, NAMES[CROWD_PEOPLE + 20 :])
    await guest.reads(f"{CROWD_PEOPLE + 32} people are here.")
    await expect(roster).to_have_count(CROWD_PEOPLE + 22)
    await guest.presses("Show who is here now")
    await expect(roster).to_have_count(CROWD_PEOPLE + 32)
    await expect(guest.button("Show who is here now")).to_be_focused()
    await expect(host.page.locator("#roster li")).to_have_count(CROWD_PEOPLE + 32)
    await expect(host.page.locator("#crowd")).to_be_hidden()


async def test_who_is_in_when_the_room_becomes_crowded_is_asked_to_ask(crowd: Crowd, server: ServerHere) -> None:
    links = await ask_for_a_room(server.url, capacity=1000)
    host, guest = await crowd.someone(), await crowd.someone()
    await host.comes_in(links.host, "Quiet Heron")
    await guest.comes_in(links.participant, "Ember")
    await expect(guest.page.locator("#roster li")).to_have_count(2)
    fill(server, links, NAMES[: CROWD_PEOPLE + 5])
    await sees_here(guest, CROWD_PEOPLE + 7)
    await expect(guest.page.locator("#roster li")).to_have_count(1)
    await guest.presses("Show everyone")
    await expect(guest.page.locator("#roster li")).to_have_count(CROWD_PEOPLE + 7)
    await host.acts_on("Ember", "Make Ember a moderator")
    await expect(guest.page.locator("#crowd")).to_be_hidden()
    await expect(guest.page.locator("#roster li")).to_have_count(CROWD_PEOPLE + 7)
