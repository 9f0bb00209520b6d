"""What keeps people safe, on the participants' side, in real browsers: words that come back or wait, covers, calm, help."""

import re
from collections.abc import AsyncIterator
from functools import partial

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person, ask_for_a_room
from keyboard import LISTEN, enters, hears, listens
from playwright.async_api import expect
from policies import built_in
from safety_people import Desk, at_the_desk, nudge, words
from serving import Running, serving, serving_here
from support_people import in_sheet, sheet

from chatroom.live.hub import Hub
from chatroom.log.memory import MemoryLogs
from chatroom.web.settings import Settings

QUIET = "The room is quiet for a moment."


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000", "POLICIES": "words,risk"}) as (server,):
        yield server


# ---- words that come back, or wait ---------------------------------------------------------------------------------------


async def test_words_come_back_with_a_reason_and_are_kept(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    bo, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        await juniper.does("set_words", words=words(kumquat="nudge", quince="reject"))
        await bo.comes_in(links.participant, "Bo")
        await ada.comes_in(links.participant, "Ada")
        await a_nudge_is_read_by_keyboard(bo, ada)
        await a_nudge_is_followed_on_a_phone(ada, bo)
        await what_is_not_let_through_stays_in_the_field(ada, bo)


async def a_nudge_is_read_by_keyboard(bo: Person, ada: Person) -> None:
    await listens(bo)
    await bo.says("one kumquat")
    await expect(nudge(bo)).to_be_visible()
    await expect(bo.field).to_have_value("one kumquat")
    await expect(bo.field).to_be_focused()
    await hears(bo, "Your words are back in the field.")
    await is_fine(bo)
    await enters(bo, "Send anyway")
    await ada.sees("one kumquat")
    await expect(nudge(bo)).to_be_hidden()
    await expect(bo.field).to_have_value("")
    await expect(bo.field).to_be_focused()


async def a_nudge_is_followed_on_a_phone(ada: Person, bo: Person) -> None:
    await ada.says("another kumquat")
    await is_fine(ada)
    await ada.presses("Change it")
    await expect(ada.field).to_be_focused()
    await ada.field.fill("an apple")
    await expect(nudge(ada)).to_be_hidden()
    await ada.presses("Send")
    await bo.sees("an apple")


async def what_is_not_let_through_stays_in_the_field(ada: Person, bo: Person) -> None:
    await ada.says("a quince")
    await expect(nudge(ada)).to_be_visible()
    await expect(ada.button("Send anyway")).to_be_hidden()
    await ada.page.reload()
    await ada.is_in()
    await expect(ada.field).to_have_value("a quince")
    await bo.reads_nothing_of("quince", "another kumquat")


async def test_words_that_a_moderator_looks_at_first(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    bo, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        await juniper.does("set_words", words=words(kumquat="hold"))
        await bo.comes_in(links.participant, "Bo")
        await ada.comes_in(links.participant, "Ada")
        await ada.says("first kumquat")
        await expect(ada.message("first kumquat")).to_contain_text("A moderator looks at this first.")
        await is_fine(ada)
        await ada.page.reload()
        await expect(ada.message("first kumquat")).to_contain_text("A moderator looks at this first.")
        await juniper.does("accept_held", held=(await juniper.sees("message_held"))["held"])
        await bo.sees("first kumquat")
        await expect(ada.banner).to_contain_text("Everyone can read it now.")
        await expect(ada.message("first kumquat")).to_have_count(1)
        await she_takes_it_back(ada)
        await it_is_not_let_through(ada, juniper)
        await bo.reads_nothing_of("second kumquat", "third kumquat")


async def she_takes_it_back(ada: Person) -> None:
    await ada.says("second kumquat")
    await ada.touches(ada.message("second kumquat").get_by_role("button", name="Take back"))
    await expect(ada.field).to_have_value("second kumquat")
    await expect(ada.message("second kumquat")).to_have_count(0)


async def it_is_not_let_through(ada: Person, juniper: Desk) -> None:
    await ada.says("third kumquat")
    held = (await juniper.sees("message_held", text="third kumquat"))["held"]
    await juniper.does("reject_held", held=held, reason="Please say it without the fruit.")
    row = ada.message("third kumquat")
    await expect(row).to_contain_text("Not sent. A moderator says: Please say it without the fruit.")
    await is_fine(ada)
    await ada.page.reload()
    await ada.touches(row.get_by_role("button", name="Change it"))
    await expect(ada.field).to_have_value("third kumquat")
    await expect(row).to_have_count(0)


# ---- what people want to see ---------------------------------------------------------------------------------------------


async def test_words_with_a_content_note_are_covered_until_they_are_shown(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    bo, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        await bo.comes_in(links.participant, "Bo")
        await ada.comes_in(links.participant, "Ada")
        await bo.page.evaluate(LISTEN)
        await ada.field.fill("My kumquat died in spring.")
        await ada.presses("Content note")
        await ada.chooses("Death and grief")
        await is_fine(ada)
        await ada.presses("That is right", "Send")
        await ada.button("Content note").wait_for()
        await bo.reads("Content note: death and grief.")
        await bo.reads_nothing_of("kumquat")
        spoken = await bo.page.evaluate("window.spoken")
        assert len([text for text in spoken if "Content note: death and grief." in text]) == 1
        await is_fine(bo)
        await enters(bo, "Show the words of Ada")
        await expect(bo.message("My kumquat died in spring.").locator(".text")).to_be_focused()
        await he_chooses_what_is_covered(bo)
        await a_moderator_puts_a_note(ada, bo, juniper)


async def he_chooses_what_is_covered(bo: Person) -> None:
    await bo.page.reload()
    await bo.button("Show the words of Ada").wait_for()
    await enters(bo, "What I see")
    await is_fine(bo)
    await sheet(bo).get_by_label("Death and grief").uncheck()
    await in_sheet(bo, "Close")
    await bo.sees("My kumquat died in spring.")
    await bo.page.reload()
    await bo.sees("My kumquat died in spring.")


async def a_moderator_puts_a_note(ada: Person, bo: Person, juniper: Desk) -> None:
    await bo.says("Twelve kumquats a day")
    message = (await juniper.sees("message_posted", text="Twelve kumquats a day"))["id"]
    await ada.sees("Twelve kumquats a day")
    await juniper.does("note_content", message=message, topic="drugs")
    await ada.reads("Content note: drugs or alcohol.")
    await expect(ada.message("Twelve kumquats a day")).to_have_count(0)
    await bo.opens_message("Twelve kumquats a day")
    await bo.presses("Change the content note")
    await bo.chooses("No content note")
    await bo.presses("That is right")
    await ada.sees("Twelve kumquats a day")


async def test_someone_is_hidden_just_for_me(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    bo, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    await bo.comes_in(links.participant, "Bo")
    await ada.comes_in(links.participant, "Ada")
    await bo.says("Kumquat one")
    await bo.says("Kumquat two")
    await ada.sees("Kumquat two")
    await ada.opens_message("Kumquat two")
    await ada.presses("More about Bo")
    await is_fine(ada)
    await ada.presses("Hide Bo just for me")
    await ada.reads("Words by someone you hid.")
    await ada.reads_nothing_of("Kumquat")
    await ada.page.reload()
    await ada.reads("Words by someone you hid.")
    await ada.presses("Meeting", "What I see")
    await is_fine(ada)
    await ada.presses("Show Bo again", "Close", "Close")
    await ada.sees("Kumquat one", "Kumquat two")
    await bo.reads_nothing_of("hidden", "you hid")


# ---- calm and pace -------------------------------------------------------------------------------------------------------


async def test_a_quiet_room_keeps_words_and_focus(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    bo, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        await bo.comes_in(links.participant, "Bo")
        await ada.comes_in(links.participant, "Ada")
        await bo.says("Kumquat")
        await ada.sees("Kumquat")
        await bo.field.fill("half a sentence")
        await listens(bo)
        await juniper.does("calm")
        await expect(bo.status).to_contain_text(QUIET)
        await hears(bo, QUIET)
        await ada.reads("The words of the last minute are covered for a moment.")
        await ada.reads_nothing_of("Kumquat")
        await is_fine(ada)
        await expect(bo.field).to_be_focused()
        await bo.page.keyboard.type(", and more")
        await bo.page.keyboard.press("Enter")
        await expect(bo.field).to_have_value("half a sentence, and more")
        await ada.page.reload()
        await ada.reads("The words of the last minute are covered for a moment.")
        await juniper.does("end_calm")
        await ada.sees("Kumquat")
        await expect(bo.status).not_to_contain_text(QUIET)
        await expect(bo.field).to_be_focused()
        await bo.page.keyboard.press("Enter")
        await ada.sees("half a sentence, and more")


async def test_slow_mode_and_listening_first(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    ada = await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        await ada.comes_in(links.participant, "Ada")
        await juniper.does("set_pace", slow_seconds=0, listen_minutes=0, hold_new=True)
        await expect(ada.status).to_contain_text("A moderator looks at your first words before everyone can read them.")
        await is_fine(ada)
        await juniper.does("set_pace", slow_seconds=2, listen_minutes=0, hold_new=False)
        await ada.says("one")
        await expect(ada.status).to_contain_text("The meeting goes a little slower now.")
        await expect(ada.field).to_be_focused()
        await ada.field.fill("two")
        await expect(ada.button("Send")).to_have_attribute("aria-disabled", "false")
        await ada.presses("Send")
        await juniper.sees("message_posted", text="two")
        await juniper.does("set_pace", slow_seconds=0, listen_minutes=10, hold_new=False)
        await expect(ada.status).to_contain_text(re.compile(r"who are new listen first\. You can write in (9|10) minutes"))
        await is_fine(ada)


async def test_a_room_without_a_moderator_listens(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, needs_moderator=True)
    ada = await crowd.someone(is_phone=True)
    await ada.comes_in(links.participant, "Ada")
    await ada.field.fill("hello?")
    await expect(ada.status).to_contain_text("No moderator is here at this moment.")
    await expect(ada.button("Send")).to_have_attribute("aria-disabled", "true")
    async with at_the_desk(server, links.moderator) as juniper:
        await expect(ada.button("Send")).to_have_attribute("aria-disabled", "false")
        await expect(ada.field).to_have_value("hello?")
        await ada.presses("Send")
        await juniper.sees("message_posted", text="hello?")


# ---- help for oneself and for a friend -----------------------------------------------------------------------------------


async def test_a_card_only_for_the_person_whose_words_sounded_like_danger(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    bo, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        await bo.comes_in(links.participant, "Bo")
        await ada.comes_in(links.participant, "Ada")
        await listens(ada)
        await ada.says("I want to kill myself tonight")
        card = ada.page.get_by_role("region", name="Only for you")
        await card.wait_for()
        await hears(ada, "You do not have to carry it alone.")
        await juniper.sees("concern_noted")
        await is_fine(ada)
        await ada.presses("People to call")
        await is_fine(ada)
        await in_sheet(ada, "Close")
        await ada.presses("Put away")
        await expect(card).to_be_hidden()
        await ada.page.reload()
        await ada.presses("Meeting", "Help for me")
        await in_sheet(ada, "Talk to a moderator now")
        await expect(sheet(ada)).to_contain_text("The moderators see that you are asking.")
        await juniper.sees("line_opened")
        await bo.sees("I want to kill myself tonight")
        await bo.reads_nothing_of("Only for you", "Help for me")


async def test_the_card_does_not_speak_of_a_moderator_when_none_is_here(crowd: Crowd) -> None:
    clock = [1_700_000_000_000]
    hub = Hub(MemoryLogs(clock=partial(clock.__getitem__, 0)), built_in("risk"))
    async with serving_here(Settings(), hub) as server:
        links = await ask_for_a_room(server.url, needs_moderator=True)
        ada = await crowd.someone(is_phone=True)
        await ada.comes_in(links.participant, "Ada")
        async with at_the_desk(server, links.moderator) as juniper:
            await ada.says("I want to kill myself tonight")
            await ada.reads("A moderator was told quietly.")
            await juniper.say({"do": "leave", "ref": 99})
            await juniper.until(lambda: juniper.frames[-1]["is"] == "closing")
        clock[0] += 2 * 60_000
        await ada.reads("No moderator is here at this moment: please call someone now.")
        await is_fine(ada)
        await crowd.go_home()


async def test_being_worried_about_someone(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    bo, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.moderator) as juniper:
        await bo.comes_in(links.participant, "Bo")
        await ada.comes_in(links.participant, "Ada")
        await ada.presses("People 3", "More about Bo", "I am worried about Bo")
        await is_fine(ada)
        await in_sheet(ada, "Tell the moderators about Bo")
        await expect(sheet(ada)).to_contain_text("The moderators have been told.")
        await is_fine(ada)
        told = await juniper.sees("concern_noted", sort="friend")
        assert told["nickname"] == "Bo"
        assert "Ada" not in str(told)
        await in_sheet(ada, "Talk to a moderator myself")
        await expect(sheet(ada)).to_contain_text("The moderators see that you are asking.")
        await bo.reads_nothing_of("worried")


# ---- direct messages -----------------------------------------------------------------------------------------------------


async def test_two_people_write_to_each_other_when_both_agree(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    bo, ada = await crowd.someone(), await crowd.someone(is_phone=True)
    async with at_the_desk(server, links.host, "Quiet Heron") as host:
        await bo.comes_in(links.participant, "Bo")
        await ada.comes_in(links.participant, "Ada")
        await ada.presses("People 3", "More about Bo")
        await ada.button("Hide Bo just for me").wait_for()
        await expect(ada.button("Ask Bo to write with me")).to_be_hidden()
        await in_sheet(ada, "Close")
        await host.does("set_direct", on=True)
        await ada.presses("More about Bo", "Ask Bo to write with me")
        await expect(sheet(ada)).to_contain_text("You cannot know who someone is here")
        await is_fine(ada)
        await ada.presses("Ask Bo")
        await enters(bo, "Ada asks to write to you")
        await expect(sheet(bo)).to_contain_text("You cannot know who someone is here")
        await is_fine(bo)
        await in_sheet(bo, "Yes, we can write")
        await sheet(bo).get_by_role("textbox").fill("Kumquat, hello")
        await bo.page.keyboard.press("Enter")
        await ada.presses("Bo: 1 new")
        await expect(sheet(ada).get_by_role("log")).to_contain_text("Kumquat, hello")
        await is_fine(ada)
        await she_reports_and_ends(ada, bo, host)


async def she_reports_and_ends(ada: Person, bo: Person, host: Desk) -> None:
    await in_sheet(ada, "Report")
    await is_fine(ada)
    await in_sheet(ada, "Tell the moderators")
    assert (await host.sees("direct_reported"))["text"] == "Kumquat, hello"
    await in_sheet(ada, "End this")
    await expect(sheet(ada)).to_contain_text("This is over.")
    await expect(sheet(bo)).to_contain_text("This is over.")
    await expect(sheet(bo).get_by_role("textbox")).to_be_hidden()
