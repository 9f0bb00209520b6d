"""Words that are taken away go from a page that its browser translates as well, wherever they stand."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browser import Crowd, Person, ask_for_a_room
from floor_meeting import SCRIPT
from playwright.async_api import expect
from safety_people import Desk, at_the_desk
from serving import Running, serving
from support_people import sheet
from translating import TRANSLATORS, reads_translated, translates

HOWEVER = pytest.mark.parametrize("how", TRANSLATORS)
TAKEN_AWAY = "A moderator took this message away."


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000", "POLICIES": "words"}) as (server,):
        yield server


async def posts(talker: Desk, person: Person, text: str) -> object:
    """How the message is called that this person now reads, translated."""
    await talker.does("post", origin_id=text.replace(" ", "-"), text=text)
    await reads_translated(person, text)
    return (await talker.sees("message_posted", text=text))["id"]


@HOWEVER
async def test_words_leave_a_translated_timeline(crowd: Crowd, server: Running, how: str) -> None:
    links = await ask_for_a_room(server.url)
    ada = await crowd.someone()
    async with at_the_desk(server, links.moderator) as juniper, at_the_desk(server, links.participant, "Bo") as bo:
        await ada.comes_in(links.participant, "Ada")
        await translates(ada, how)
        redacted, retracted = await posts(juniper, ada, "first kumquat"), await posts(bo, ada, "second kumquat")
        await juniper.does("redact", message=redacted)
        await bo.does("retract", message=retracted)
        await reads_translated(ada, TAKEN_AWAY, "This message was taken back.")
        await ada.reads_nothing_of("kumquat")
        noted = await posts(juniper, ada, "third kumquat")
        await juniper.does("note_content", message=noted, topic="death")
        await reads_translated(ada, "Content note: death and grief.")
        await ada.reads_nothing_of("kumquat")
        await ada.page.locator(".about button").click()
        await reads_translated(ada, "third kumquat")
        await posts(bo, ada, "fourth kumquat")
        await juniper.does("redact_all", participant=await juniper.id_of("Bo"))
        await juniper.does("redact", message=noted)
        await ada.reads_nothing_of("kumquat")


@HOWEVER
async def test_what_is_covered_or_hidden_leaves_a_translated_page(crowd: Crowd, server: Running, how: str) -> None:
    links = await ask_for_a_room(server.url)
    ada = await crowd.someone()
    async with at_the_desk(server, links.moderator) as juniper, at_the_desk(server, links.participant, "Bo") as bo:
        await ada.comes_in(links.participant, "Ada")
        await translates(ada, how)
        await posts(bo, ada, "first kumquat")
        await juniper.does("veil")
        await reads_translated(ada, "The words of the last minute are covered for a moment.")
        await ada.reads_nothing_of("kumquat")
        await juniper.does("unveil")
        await reads_translated(ada, "first kumquat")
        await ada.page.locator(".message .more").last.click()
        await sheet(ada).get_by_role("button", name="More about Bo").click()
        await sheet(ada).get_by_role("button", name="Hide Bo just for me").click()
        await reads_translated(ada, "Words by someone you hid.")
        await ada.reads_nothing_of("kumquat")


@HOWEVER
async def test_words_leave_a_share_that_goes_on_and_a_chip(crowd: Crowd, server: Running, how: str) -> None:
    links = await ask_for_a_room(server.url, script=SCRIPT)
    ada = await crowd.someone()
    async with at_the_desk(server, links.host) as juniper, at_the_desk(server, links.participant, "Bo") as bo:
        await ada.comes_in(links.participant, "Ada")
        await translates(ada, how)
        await juniper.does("go_to_phase", phase=1)
        await bo.does("raise_hand")
        share = await posts(bo, ada, "a kumquat to share")
        await expect(ada.page.locator(".message.lit")).to_have_count(1)
        await juniper.does("redact", message=share)
        await reads_translated(ada, TAKEN_AWAY)
        await ada.reads_nothing_of("kumquat")
        await juniper.does("go_to_phase", phase=2)
        await bo.does("take_chip", origin_id="own-chip-1", chip="own", words="a kumquat of gold")
        chip = (await juniper.sees("message_posted", text="a kumquat of gold"))["id"]
        await reads_translated(ada, "a kumquat of gold")
        await bo.does("retract", message=chip)
        await ada.reads_nothing_of("kumquat")


@HOWEVER
async def test_words_leave_the_desk_and_the_question_about_them(crowd: Crowd, server: Running, how: str) -> None:
    links = await ask_for_a_room(server.url)
    host = await crowd.someone()
    async with at_the_desk(server, links.moderator) as juniper, at_the_desk(server, links.participant, "Bo") as bo:
        await host.comes_in(links.host, "Quiet Heron")
        await expect(host.page.locator("#desk")).to_be_visible()
        await translates(host, how)
        message = await posts(bo, host, "first kumquat")
        await juniper.does("report", message=message, reason="unkind", words="")
        await host.page.locator("#desk [data-act=open]").click()
        await reads_translated(host, "first kumquat")
        await host.page.locator(".message .more").last.click()
        await sheet(host).get_by_role("button", name="Take this message away").click()
        await expect(sheet(host)).to_contain_text("first kumquat")
        await juniper.does("redact", message=message)
        await expect(host.page.get_by_role("dialog")).to_have_count(0)
        await expect(host.page.locator("#desk")).to_contain_text("The message is gone.")
        await host.reads_nothing_of("kumquat")


@HOWEVER
async def test_nothing_is_left_of_a_translated_meeting_with_its_sheets_open(crowd: Crowd, server: Running, how: str) -> None:
    links = await ask_for_a_room(server.url, title="kumquat title", welcome="kumquat welcome", rules=["kumquat rule"])
    ada = await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.host) as juniper:
        await ada.comes_in(links.participant, "Ada")
        await translates(ada, how)
        await posts(juniper, ada, "first kumquat")
        await juniper.does("open_poll", question="Which kumquat?", options=["kumquat one", "kumquat two"], kind="single")
        await ada.page.locator("#asks button").first.tap()
        await reads_translated(ada, "Which kumquat?")
        await juniper.say({"do": "end", "ref": 99})
        await reads_translated(ada, "The meeting has ended")
        await ada.reads_nothing_of("kumquat")
        await expect(ada.page.get_by_role("dialog")).to_have_count(0)


@HOWEVER
async def test_a_private_line_and_one_with_another_go_on_in_a_translated_page(crowd: Crowd, server: Running, how: str) -> None:
    links = await ask_for_a_room(server.url)
    ada = await crowd.someone()
    async with at_the_desk(server, links.host) as juniper:
        await ada.comes_in(links.participant, "Ada")
        await translates(ada, how)
        await ada.page.locator("#support-now").click()
        line = (await juniper.sees("line_opened"))["line"]
        await juniper.does("claim_line", line=line)
        for text in ("first kumquat", "second kumquat"):
            await juniper.does("say_privately", line=line, origin_id=text.replace(" ", "-"), text=text)
            await reads_translated(ada, text)
        await expect(sheet(ada).locator(".word")).to_have_count(2)
        await juniper.say({"do": "end", "ref": 99})
        await reads_translated(ada, "The meeting has ended")
        await ada.reads_nothing_of("kumquat")
