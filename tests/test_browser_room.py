"""One person in a room: by keyboard alone, with a screen reader, leaving at once, and as time passes."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest_asyncio
from browser import Crowd, Person, ask_for_a_room
from fonts import FONTS, give, take_back
from keyboard import LISTEN, enters, tabs_to
from playwright.async_api import expect
from relay import Network
from serving import Running, serving, serving_here

from chatroom.live.hub import Hub
from chatroom.log.memory import MemoryLogs

MINUTE_MS = 60_000
NEUTRAL = "https://www.wikipedia.org/"


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving() as (server,):
        yield server


async def test_a_whole_visit_by_keyboard_alone(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, guest = await crowd.someone(), await crowd.someone()
    await host.comes_in(links.host, "Quiet Heron")
    await guest.comes_to_the_door(links.participant)
    guest.name = await guest.page.locator("#door-name").inner_text()
    keyboard = guest.page.keyboard
    await enters(guest, "I agree, come in")
    await guest.is_in()
    await host.says("Welcome")

    await tabs_to(guest, guest.page.get_by_role("link", name="Skip to writing"))
    await keyboard.press("Enter")
    await expect(guest.field).to_be_focused()
    await keyboard.type("Thank you")
    await keyboard.press("Shift+Enter")
    await keyboard.type("all")
    await keyboard.press("Enter")
    await host.sees("Thank you\nall")
    await expect(guest.field).to_be_focused()

    more = guest.button("More about this message by Quiet Heron")
    await tabs_to(guest, guest.button(f"More about this message by {guest.name}"))
    await keyboard.press("ArrowUp")
    await expect(more).to_be_focused()
    await keyboard.press("Enter")
    await enters(guest, "heart")
    await host.sees_reaction("Welcome", "heart, 1")
    await expect(more).to_be_focused()
    await keyboard.press("Enter")
    await expect(guest.page.get_by_role("dialog")).to_be_visible()
    await keyboard.press("Escape")
    await expect(guest.page.get_by_role("dialog")).to_be_hidden()
    await expect(more).to_be_focused()
    await keyboard.press("Enter")
    await enters(guest, "Report to the moderators", "Tell the moderators")
    await host.reads("It is unkind or threatening")

    await enters(guest, "Leave the meeting", "Leave the meeting")
    await guest.is_told("You have left the meeting")
    await expect(guest.page.get_by_role("heading", level=1)).to_be_focused()


async def test_a_screen_reader_hears_each_message_once_and_no_reaction(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, guest = await crowd.someone(), await crowd.someone(is_phone=True)
    await host.comes_in(links.host, "Quiet Heron")
    await guest.comes_in(links.participant)
    log = guest.page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).to_have_attribute("aria-relevant", "additions")
    await guest.page.evaluate(LISTEN)

    await host.says("Welcome")
    await host.reacts("Welcome", "thank you")
    await guest.sees_reaction("Welcome", "thank you, 1")
    await guest.reacts("Welcome", "heart")
    await host.sees_reaction("Welcome", "heart, 1")
    await guest.sees_reaction("Welcome", "heart, 1")
    await guest.says("Thank you")
    await host.says("Shall we begin?")
    await guest.sees("Welcome", "Thank you", "Shall we begin?")
    spoken = await guest.page.evaluate("window.spoken")
    assert [text.count("Welcome") for text in spoken] == [1, 0, 0]
    assert [text.count("Thank you") for text in spoken] == [0, 1, 0]
    assert [text.count("Shall we begin?") for text in spoken] == [0, 0, 1]
    assert not [text for text in spoken if "heart" in text]
    await expect(guest.page.get_by_role("status").filter(has_text="You are back")).to_have_count(0)


async def test_with_large_text_one_sees_what_one_can_do_and_what_one_writes(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    guest = await crowd.someone(is_phone=True, viewport={"width": 360, "height": 640})
    await guest.comes_in(links.participant)
    session = await guest.context.new_cdp_session(guest.page)
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    leave = guest.page.get_by_role("link", name="Leave now")
    for font in FONTS:
        await give(guest.page, font)
        for seen in (guest.status, guest.field, guest.button("Send"), leave):
            await expect(seen).to_be_in_viewport(ratio=1)
    await take_back(guest.page)
    await guest.field.tap()
    await guest.page.set_viewport_size({"width": 360, "height": 340})
    await expect(guest.field).to_be_in_viewport(ratio=0.6)
    await expect(leave).to_be_in_viewport(ratio=1)


async def test_what_is_too_long_can_be_sent_in_parts_without_cutting_it_oneself(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    guest = await crowd.someone(is_phone=True)
    await guest.comes_in(links.participant)
    words = " ".join(f"{number:04}" for number in range(600))
    await guest.field.fill(words)
    await guest.reads("999 characters too many. Send it in parts, please.")
    await guest.presses("Send the first part")
    await expect(guest.texts).to_have_text([words[:1999]])
    await expect(guest.field).to_have_value(words[2000:])
    await guest.presses("Send")
    await expect(guest.texts).to_have_text([words[:1999], words[2000:]])
    await expect(guest.field).to_have_value("")


async def test_leave_now_goes_to_a_neutral_page_and_keeps_nothing(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    for leave in (by_the_button, by_shift_three_times):
        person = await crowd.someone()
        person.pardon(f"^{NEUTRAL}$")
        await person.context.route(NEUTRAL, lambda route: route.fulfill(body="<h1>News</h1>", content_type="text/html"))
        await person.comes_in(links.participant)
        await person.field.fill("A draft nobody may find")
        await person.page.get_by_label("Enter sends").uncheck()
        await leave(person)
        await person.is_told("News")
        assert person.page.url == NEUTRAL
        await person.page.go_back()
        assert person.page.url == "about:blank"
        await person.goes_to(server.url + "/")
        await person.keeps_nothing()


async def by_the_button(person: Person) -> None:
    await person.touches(person.page.get_by_role("link", name="Leave now"))


async def by_shift_three_times(person: Person) -> None:
    for _ in range(3):
        await person.page.keyboard.press("Shift")


async def test_who_is_offline_is_told_before_the_silence_is_noticed_and_no_word_is_lost(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, guest = await crowd.someone(), await crowd.someone(is_phone=True)
    async with Network([server.url]) as mobile:
        await host.comes_in(links.host, "Quiet Heron")
        await guest.comes_in(links.at(mobile.url).participant, "River")
        async with silent(mobile):
            await guest.says("On its way")
            await expect(guest.message("On its way")).to_contain_text("Sending")
            async with guest.offline():
                await guest.reads("Reconnecting. Your words are kept.")
                await guest.says("Written offline")
                await host.says("Said meanwhile")
                await host.sees("Said meanwhile")
        await expect(guest.banner).to_have_text("You are back.")
        for person in (guest, host):
            await expect(person.texts).to_have_text(["Said meanwhile", "On its way", "Written offline"])
        await expect(guest.message("Written offline")).to_contain_text("Sent")


@asynccontextmanager
async def silent(network: Network) -> AsyncIterator[None]:
    """Nothing passes for a while, and no connection ends."""
    network.blackhole()
    try:
        yield
    finally:
        await network.mend()


async def test_the_doors_open_time_runs_out_and_the_room_is_gone(crowd: Crowd) -> None:
    ahead_ms = 0

    def clock() -> int:
        return round(time.time() * 1000) + ahead_ms

    hub = Hub(MemoryLogs(clock=clock))
    async with serving_here(hub=hub) as server, Network([server.url]) as mobile:
        links = await ask_for_a_room(mobile.url, starts_at=clock() + 40 * MINUTE_MS, minutes=15)
        guest = await crowd.someone(is_phone=True)
        await guest.comes_to_the_door(links.participant)
        await guest.reads("The doors open at", "25 minutes", "This page opens by itself.")
        ahead_ms = 25 * MINUTE_MS
        await guest.comes_in()
        await expect(guest.status).to_contain_text("The meeting starts at")
        await guest.says("I am early")
        await expect(guest.message("I am early")).to_contain_text("Sent")
        for minutes, warning in ((50.5, "5 minutes left."), (54.5, "One minute left. It is a good moment to say goodbye.")):
            ahead_ms = round(minutes * MINUTE_MS)
            async with guest.without(mobile):
                await guest.field.fill(f"After {minutes} minutes")
            await expect(guest.banner).to_have_text(warning)
        ahead_ms = 55 * MINUTE_MS
        await guest.is_told("The meeting has ended")
        await guest.keeps_nothing()
        await guest.reads_nothing_of("I am early", "After 50.5 minutes", guest.name)
        await expect(guest.page.locator("#unsent-words")).to_have_text("After 54.5 minutes")
        await guest.goes_to(links.participant)
        await guest.is_told("There is no meeting here")
        assert hub.rooms == 0
