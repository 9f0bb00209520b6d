"""Private lines, milestones and goals in real browsers: help is two taps away, and what is one's own stays on the device."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Links, Person, ask_for_a_room
from keyboard import LISTEN, enters, hears, listens
from playwright.async_api import Route, WebSocket, expect
from relay import Network
from serving import Running, serving
from support_people import SCRIPT, in_sheet, is_whole, sheet

NEUTRAL = "https://www.wikipedia.org/"
SECRET_DAY = "2024-02-29"
SECRET_GOAL = "Call my kumquat sister"
STORED_HERE = "() => ({...localStorage})"


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


# ---- a private line ------------------------------------------------------------------------------------------------------


async def test_support_is_one_tap_away(crowd: Crowd, server: Running) -> None:
    async with Network([server.url]) as mobile:
        links = await ask_for_a_room(server.url)
        host, juniper, bo, ada = [await crowd.someone() for _ in range(3)] + [await crowd.someone(is_phone=True)]
        await ada.comes_in(links.at(mobile.url).participant, "Ada")
        await bo.comes_in(links.participant, "Bo")
        await ada.presses("Help")
        await in_sheet(ada, "I need support now")
        await expect(sheet(ada)).to_contain_text("No moderator is here at this moment.")
        await expect(sheet(ada).get_by_role("link", name="116 123")).to_be_visible()
        await is_fine(ada)
        await juniper.comes_in(links.moderator, "Juniper")
        await expect(sheet(ada)).to_contain_text("The moderators see that you are asking.")
        await host.comes_in(links.host, "Quiet Heron")
        await listens(ada)
        await juniper.banner.get_by_text("Someone asks for support.").wait_for()
        await expect(juniper.page.locator("#desk .case")).to_contain_text("Nobody is with Ada yet.")
        await is_fine(juniper)
        await juniper.banner.get_by_role("button", name="Open").click()
        await hears(ada, "Juniper is with you.")
        await expect(host.page.locator("#desk .case")).to_contain_text("Juniper is with Ada.")
        await they_talk(ada, juniper)
        await words_wait_for_the_connection(ada, juniper, mobile)
        await unread_words_are_counted(ada, juniper)
        await the_line_closes_and_opens(ada, juniper)
        await bo.reads_nothing_of("Kumquat", "support?", "asks for support", "Juniper is with")


async def they_talk(ada: Person, juniper: Person) -> None:
    assert await sheet(ada).get_by_role("log").get_attribute("aria-label") == "What is said here"
    await sheet(juniper).get_by_role("textbox").fill("Kumquat: I am here.")
    await juniper.page.keyboard.press("Enter")
    await expect(sheet(ada).get_by_role("log")).to_contain_text("Kumquat: I am here.")
    await sheet(ada).get_by_role("textbox").fill("Kumquat: thank you.")
    await in_sheet(ada, "Send")
    await expect(sheet(juniper).get_by_role("log")).to_contain_text("Kumquat: thank you.")
    for person in (ada, juniper):
        await is_fine(person)


async def words_wait_for_the_connection(ada: Person, juniper: Person, mobile: Network) -> None:
    async with ada.without(mobile):
        await sheet(ada).get_by_role("textbox").fill("Kumquat: are you there?")
        await in_sheet(ada, "Send")
        await expect(sheet(ada).locator(".word").last).to_contain_text("Sending")
        await in_sheet(ada, "Close")
        await ada.presses("Juniper is with you")
        await sheet(ada).get_by_role("textbox").fill("half a sentence")
    words = sheet(juniper).locator(".word p")
    await expect(words).to_have_text(["Kumquat: I am here.", "Kumquat: thank you.", "Kumquat: are you there?"])
    await expect(sheet(ada).locator(".word p")).to_have_text(await words.all_inner_texts())
    await expect(sheet(ada)).not_to_contain_text("Sending")
    await ada.page.reload()
    await ada.presses("Juniper is with you")
    await expect(sheet(ada).get_by_role("textbox")).to_have_value("half a sentence")
    await sheet(ada).get_by_role("textbox").fill("")
    await in_sheet(ada, "Close")


async def unread_words_are_counted(ada: Person, juniper: Person) -> None:
    await listens(ada)
    for text in ("Kumquat: yes", "Kumquat: still here"):
        await sheet(juniper).get_by_role("textbox").fill(text)
        await in_sheet(juniper, "Send")
    await ada.button("Support: 2 new").wait_for()
    await hears(ada, "Juniper answers you privately. 2 new.")
    await in_sheet(juniper, "Close")
    await ada.presses("Support: 2 new")
    await in_sheet(ada, "Close")
    await ada.presses("Juniper is with you")
    await sheet(ada).get_by_role("textbox").fill("Kumquat: good")
    await in_sheet(ada, "Send")
    await expect(juniper.page.locator("#desk .case")).to_contain_text("Open, 1 new")
    await juniper.presses("Ada: 1 new")


async def the_line_closes_and_opens(ada: Person, juniper: Person) -> None:
    await in_sheet(juniper, "Close the line")
    await expect(sheet(ada)).to_contain_text("This line is closed.")
    await expect(sheet(ada).get_by_role("textbox")).to_be_hidden()
    await in_sheet(juniper, "Close")
    await in_sheet(ada, "Ask again")
    await expect(sheet(ada)).to_contain_text("The moderators see that you are asking.")
    await expect(juniper.page.locator("#desk .case")).to_contain_text("Nobody is with Ada yet.")
    await enters(juniper, "Someone asks for support")
    await expect(sheet(ada)).to_contain_text("Juniper is with you.")


async def test_a_call_is_not_lost_with_the_connection(crowd: Crowd, server: Running) -> None:
    async with Network([server.url]) as mobile:
        links = await ask_for_a_room(server.url)
        juniper, ada = await crowd.someone(), await crowd.someone(is_phone=True)
        await juniper.comes_in(links.moderator, "Juniper")
        await ada.comes_in(links.at(mobile.url).participant, "Ada")
        await is_whole(ada)
        async with ada.without(mobile):
            await expect(ada.banner).to_contain_text("Reconnecting")
            await ada.presses("Meeting", "I need support now")
            await expect(sheet(ada)).to_contain_text("Your call goes out as soon as you are back.")
            await expect(sheet(ada).get_by_role("link", name="116 123")).to_be_visible()
        await expect(sheet(ada)).to_contain_text("The moderators see that you are asking.")
        await juniper.presses("Someone asks for support")
        await expect(sheet(ada)).to_contain_text("Juniper is with you.")


async def test_the_muted_can_ask_and_outside_the_room_nobody_is_asked(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    juniper, ada = await crowd.someone(), await crowd.someone()
    await ada.comes_to_the_door(links.participant)
    await ada.presses("Help")
    await expect(ada.button("I need support now")).to_be_hidden()
    await ada.presses("Close")
    await ada.comes_in(name="Ada")
    await juniper.comes_in(links.moderator, "Juniper")
    await juniper.acts_on("Ada", "Mute Ada", "5 minutes")
    await expect(ada.status).to_contain_text("You're muted")
    await ada.presses("I need support now")
    await sheet(ada).get_by_role("textbox").fill("It hurts.")
    await ada.page.keyboard.press("Enter")
    await juniper.presses("Someone asks for support")
    await expect(sheet(juniper).get_by_role("log")).to_contain_text("It hurts.")


async def test_a_tap_before_the_page_is_whole_is_not_lost(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    juniper, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    for person in (juniper, ada):
        for part in ("leading", "support"):
            await person.context.route(f"**/{part}.js", hold)
    await ada.comes_in(links.participant, "Ada")
    await juniper.comes_in(links.moderator, "Juniper")
    await juniper.touches(juniper.person("Ada").get_by_role("button"))
    await ada.presses("Help")
    await in_sheet(ada, "I need support now")
    await expect(ada.banner).to_have_text("One moment.")
    may_come.set()
    await juniper.button("Mute Ada").wait_for()
    await expect(sheet(ada)).to_contain_text("The moderators see that you are asking.")


# ---- milestones and goals ------------------------------------------------------------------------------------------------


def sent_by(person: Person) -> list[str]:
    """What this page sends from now on."""
    frames: list[str] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(str(frame)))

    person.page.on("websocket", watch)
    person.page.on("request", lambda request: frames.append(f"{request.url} {request.post_data}"))
    return frames


async def stored(person: Person) -> dict[str, Any]:
    kept: dict[str, str] = await person.page.evaluate(STORED_HERE)
    return {name.removeprefix("meeting:"): json.loads(value) for name, value in kept.items() if name != "meeting:seats"}


async def test_a_chip_a_day_and_a_goal_stay_with_the_person(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, script=SCRIPT)
    host, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    sent = sent_by(ada)
    await host.comes_in(links.host, "Quiet Heron")
    await ada.comes_in(links.participant, "Ada")
    await host.presses("Next: Arriving")
    await expect(ada.button("Take a chip")).to_be_hidden()
    await host.presses("Next: Milestones")
    await host.page.evaluate(LISTEN)
    await she_takes_a_chip(ada)
    await the_room_celebrates(host, ada)
    await host.presses("Next: Closing")
    await she_writes_a_goal(ada)
    await host.presses("End the meeting", "End the meeting")
    await ada.is_told("The meeting has ended")
    await ada.reads("Only what you asked this device to keep is still here. Leave now erases it.")
    await the_next_meeting_asks(ada, await ask_for_a_room(server.url))
    assert any("take_chip" in frame for frame in sent)
    assert not [frame for frame in sent if SECRET_DAY in frame or "kumquat" in frame.lower()]


async def she_takes_a_chip(ada: Person) -> None:
    await ada.presses("Take a chip")
    await sheet(ada).get_by_label("Which chip?").select_option("In my own words")
    await in_sheet(ada, "Take this chip")
    await expect(sheet(ada).get_by_role("alert")).to_have_text("Please write what your chip says.")
    await ada.touches(sheet(ada).get_by_text("Count the days for me"))
    await sheet(ada).get_by_label("Since which day?").fill("2024-03-01")
    await sheet(ada).get_by_label("Keep this day on this device for next time").check()
    await is_fine(ada)
    await sheet(ada).get_by_label("Since which day?").fill(SECRET_DAY)
    await expect(sheet(ada).get_by_role("status")).to_contain_text("The day is counted on this device and never sent.")
    await sheet(ada).get_by_label("Which chip?").select_option("30 days")
    await sheet(ada).get_by_label("A few words, if you like").fill("One evening at a time")
    assert await stored(ada) == {}
    await in_sheet(ada, "Take this chip")
    await expect(ada.banner).to_contain_text("Your chip is there for everyone to see.")
    assert await stored(ada) == {"day": SECRET_DAY}


async def the_room_celebrates(host: Person, ada: Person) -> None:
    await host.sees("One evening at a time")
    spoken = await host.page.evaluate("window.spoken")
    assert len([text for text in spoken if "a chip, 30 days" in text]) == 1
    coin = host.message("One evening at a time").locator(".coin")
    await expect(coin).to_have_text("30 days")
    assert await coin.evaluate("(node) => getComputedStyle(node).animationName") == "none"
    await host.presses("Give a hand")
    await expect(ada.button("1 hand")).to_be_visible()
    await is_fine(ada)
    await ada.presses("Take a chip")
    await expect(sheet(ada).get_by_label("Since which day?")).to_have_value(SECRET_DAY)
    await in_sheet(ada, "Forget the day")
    assert await stored(ada) == {}
    await in_sheet(ada, "Not now")


async def she_writes_a_goal(ada: Person) -> None:
    await ada.presses("Write a small goal")
    await expect(sheet(ada)).to_contain_text("It is kept on this device only and sent to nobody.")
    await in_sheet(ada, "Keep it here")
    await expect(sheet(ada).get_by_role("alert")).to_have_text("Please write a few words, or close this.")
    await sheet(ada).get_by_label("One small thing, for yourself").fill("Something else")
    await is_fine(ada)
    await in_sheet(ada, "Keep it here")
    await ada.presses("My small goal")
    await in_sheet(ada, "Erase it")
    assert await stored(ada) == {}
    await ada.presses("Write a small goal")
    await sheet(ada).get_by_label("One small thing, for yourself").fill(SECRET_GOAL)
    await in_sheet(ada, "Keep it here")
    assert (await stored(ada))["goal"]["text"] == SECRET_GOAL
    await ada.page.reload()
    await ada.button("My small goal").wait_for()


async def the_next_meeting_asks(ada: Person, links: Links) -> None:
    await ada.comes_in(links.participant, "Ada")
    await expect(ada.banner).to_contain_text("You left yourself a small goal last time. Only you see it.")
    await ada.presses("Your goal from last time")
    await expect(sheet(ada)).to_contain_text(SECRET_GOAL)
    await is_fine(ada)
    await in_sheet(ada, "Not yet")
    await expect(sheet(ada)).to_contain_text("You are here, and that counts.")
    assert await stored(ada) == {}
    await in_sheet(ada, "Close")
    await expect(ada.button("Your goal from last time")).to_be_hidden()
    await expect(ada.page.get_by_role("region", name="Take part")).to_be_focused()


async def test_leave_now_erases_a_goal_and_a_day(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, script=SCRIPT)
    host = await crowd.someone()
    host.pardon(f"^{NEUTRAL}$")
    await host.context.route(NEUTRAL, lambda route: route.fulfill(body="<h1>News</h1>", content_type="text/html"))
    await host.comes_in(links.host, "Quiet Heron")
    await host.presses("Next: Arriving", "Next: Milestones")
    await host.presses("Take a chip")
    await host.page.get_by_text("Count the days for me").click()
    await sheet(host).get_by_label("Since which day?").fill(SECRET_DAY)
    await sheet(host).get_by_label("Keep this day on this device for next time").check()
    await in_sheet(host, "Take this chip")
    await host.presses("Next: Closing", "Write a small goal")
    await sheet(host).get_by_label("One small thing, for yourself").fill(SECRET_GOAL)
    await in_sheet(host, "Keep it here")
    assert set(await stored(host)) == {"day", "goal"}
    await host.touches(host.page.get_by_role("link", name="Leave now"))
    await host.is_told("News")
    await host.goes_to(server.url + "/")
    await host.keeps_nothing()


async def test_chips_are_there_when_the_host_allows_them(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, ada = await crowd.someone(is_phone=True), await crowd.someone()
    await host.comes_in(links.host, "Quiet Heron")
    await ada.comes_in(links.participant, "Ada")
    await host.presses("Meeting", "Ask the room")
    await in_sheet(host, "Let people take chips")
    await ada.button("Take a chip").wait_for()
    await enters(ada, "Take a chip")
    await ada.page.get_by_text("Count the days for me").click()
    await sheet(ada).get_by_label("Since which day?").fill(SECRET_DAY)
    await sheet(ada).get_by_label("Which chip?").select_option("Back again")
    await sheet(ada).get_by_label("A few words, if you like").fill("")
    await enters(ada, "Take this chip")
    await expect(ada.page.locator(".coin")).to_have_text("Back again")
    assert await stored(ada) == {}
    await in_sheet(host, "Ask the room")
    await in_sheet(host, "No more chips")
    await expect(ada.button("Take a chip")).to_be_hidden()
