"""The moderators' desk in real browsers: a raid, someone who may be in danger, the keyboard, moderators among themselves."""

from collections.abc import AsyncIterator

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Links, Person, ask_for_a_room
from desk_screen import Outsider, at_case, at_desk, case, desk, opens, outside, sees_kinds
from keyboard import enters, hears, listens, tabs_to
from playwright.async_api import expect
from relay import Network
from serving import Running, serving
from support_people import in_sheet, sheet

UNKIND = "Kumquat: nobody here likes you"
"""What the list of words of these rooms holds."""
HOW_ARE_YOU = "Hello, I am one of the moderators. I saw your words and wanted to ask how you are. You can answer here."
DESK_LOADED = "() => performance.getEntriesByType('resource').some(({ name }) => /desk|moderation|acts[.]js/.test(name))"
SAME = "We are many and we stay for the whole evening"


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def test_a_raid_is_handled_at_the_desk(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, juniper = await crowd.someone(), await crowd.someone(is_phone=True)
    await host.comes_in(links.host, "Quiet Heron")
    await juniper.comes_in(links.moderator, "Juniper")
    async with outside(server.url, 8) as (troll, lout, fern, bo, *late):
        for outsider, name in ((troll, "Troll"), (lout, "Lout"), (fern, "Fern"), (bo, "Bo")):
            await outsider.comes_in(links, name)
        await the_list_of_words_is_set(host)
        await words_wait(host, juniper, troll, lout)
        await the_door_takes_care(host, (troll, fern, bo))
        await people_knock(links, juniper, late)
        await the_room_is_calm(host, juniper)
        await the_wrong_ones_come_back(host, troll, fern)


async def the_list_of_words_is_set(host: Person) -> None:
    await opens(host, "Pace")
    await at_desk(host, "The list of words")
    pattern = sheet(host).get_by_label("Word or pattern")
    await pattern.fill("(kumquat")
    await sheet(host).get_by_label("How to look").select_option("re2")
    await in_sheet(host, "Keep")
    await expect(sheet(host).get_by_role("alert")).to_contain_text("(kumquat")
    await is_fine(host)
    await expect(pattern).to_have_value("(kumquat")
    await pattern.fill("(kumquat)")
    await in_sheet(host, "Keep")
    await expect(host.banner).to_contain_text("The list of words holds")


async def words_wait(host: Person, juniper: Person, troll: Outsider, lout: Outsider) -> None:
    await listens(juniper)
    await troll.says(UNKIND)
    await hears(juniper, "A message waits for a moderator.")
    await lout.says(UNKIND)
    await juniper.presses("Desk, 2 open")
    await expect(desk(juniper)).not_to_contain_text("Kumquat", use_inner_text=False)
    await at_case(juniper, "Troll", "Open")
    await expect(case(juniper, "Troll")).to_contain_text(UNKIND)
    await expect(case(host, "Troll")).to_contain_text("Juniper is looking at this.")
    await expect(host.page.locator("#desk h2")).to_have_text("Desk (1)")
    await is_fine(juniper)
    await large_text_hides_nothing(juniper)
    await at_case(juniper, "Troll", "Send back")
    await in_sheet(juniper, "Send back")
    await expect(case(juniper, "Troll")).to_have_count(0)
    await expect(case(juniper, "Lout")).to_be_focused()
    await lout.says(f"{UNKIND}, nobody")
    await expect(case(juniper, "Lout")).to_have_count(2)
    await at_case(juniper, "Lout", "Open", "Remove")
    await juniper.reads("Nothing waits for you.", "Lout is removed.")
    await at_desk(juniper, "Undo")
    await juniper.reads("Lout can come back.")


async def large_text_hides_nothing(juniper: Person) -> None:
    """With text of 200 % the header is tall: the sheet stands below it."""
    session = await juniper.context.new_cdp_session(juniper.page)
    for text_px in (32, 16):
        await session.send("Page.setFontSizes", {"fontSizes": {"standard": text_px}})
        await sheet(juniper).get_by_role("button", name="Close", exact=True).tap(trial=True)


async def the_door_takes_care(host: Person, raiders: tuple[Outsider, ...]) -> None:
    for raider in raiders:
        await raider.says(SAME)
    await sees_kinds(host, "The door's guard")
    await expect(case(host, "Many came at once")).to_contain_text("3 people wrote the same words within a minute.")
    await at_case(host, "Many came at once", "Switch it off")
    await host.reads("Nothing waits for you.")


async def people_knock(links: Links, juniper: Person, late: list[Outsider]) -> None:
    await at_desk(juniper, "Knock")
    for outsider, name in zip(late, ("Willow", "Moss", "Cedar"), strict=False):
        await outsider.knocks(links, name)
    await sees_kinds(juniper, "Knocking (3)")
    await at_case(juniper, "Willow", "Let in")
    await sees_kinds(juniper, "Knocking (2)")
    await at_desk(juniper, "Let everyone in")
    await juniper.reads("Nothing waits for you.")
    await late[3].knocks(links, "Rook")
    await at_case(juniper, "Rook", "Not now")
    await juniper.reads("Nothing waits for you.")
    await opens(juniper, "What was done")
    await juniper.reads("did not let Rook in", "sent back words by Troll")
    await at_desk(juniper, "Open")


async def the_room_is_calm(host: Person, juniper: Person) -> None:
    steps = host.page.locator(".steps li:visible")
    await at_desk(juniper, "Calm the room")
    await expect(steps).to_contain_text(["Nobody writes", "The last minute is veiled", "New people knock"])
    await at_desk(juniper, "Undo: The last minute is veiled")
    await expect(steps).to_contain_text(["Nobody writes", "New people knock"])
    await is_fine(juniper)
    await at_desk(juniper, "End the calm")
    await expect(desk(host).get_by_role("button", name="Calm the room")).to_be_visible()
    await expect(desk(host)).to_contain_text("The door is open.")
    await juniper.reads("That was a lot. How are you?")
    await at_desk(juniper, "I'm all right")
    await expect(desk(juniper).get_by_text("That was a lot.")).to_be_hidden()


async def the_wrong_ones_come_back(host: Person, troll: Outsider, fern: Outsider) -> None:
    await troll.says(UNKIND)
    await fern.says(UNKIND)
    await expect(host.page.locator("#desk .case")).to_have_count(2)
    for name in ("Troll", "Fern"):
        await at_case(host, name, "Open", "Remove")
        await expect(case(host, name)).to_have_count(0)
    await host.reads("That was a lot. How are you?")
    await at_desk(host, "Bring back all 2 removed in the last 10 minutes")
    await in_sheet(host, "Bring them back")
    await opens(host, "What was done")
    await host.reads("let Troll come back", "let Fern come back")
    await expect(desk(host).get_by_role("button", name="Bring back")).to_be_hidden()


async def test_the_keyboard_is_enough(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host = await crowd.someone()
    await host.comes_in(links.host, "Quiet Heron")
    keys = host.page.keyboard
    async with outside(server.url, 2) as (fern, troll):
        await fern.comes_in(links, "Fern")
        await troll.comes_in(links, "Troll")
        texts = ["You are all the same", "And I mean every one of you", "It was nice to see you all"]
        for text in texts:
            message = await troll.says(text)
            await fern.does("report", message=message, reason="unkind", words="")
        cases = host.page.locator("#desk .case")
        await expect(cases).to_have_count(3)
        await host.field.fill("")
        await host.field.press_sequentially("jox?")
        await expect(host.field).to_have_value("jox?")
        await host.field.fill("")
        await opens(host, "Pace")
        slow = host.page.get_by_label("Messages of one person")
        await slow.focus()
        await keys.press("j")
        await expect(slow).to_be_focused()
        await host.page.locator("#timeline").focus()
        await tabs_to(host, desk(host).get_by_role("button", name="Calm the room"))
        await keys.press("j")
        await expect(cases.nth(0)).to_be_focused()
        await keys.press("j")
        await keys.press("k")
        await keys.press("j")
        await expect(cases.nth(1)).to_be_focused()
        await keys.press("c")
        await expect(cases.nth(1)).to_contain_text("You are looking at this.")
        await keys.press("o")
        await expect(cases.nth(1)).to_contain_text(texts[1])
        await keys.press("a")
        await expect(cases).to_have_count(2)
        await expect(cases.nth(1)).to_be_focused()
        await host.sees("A moderator took this message away.")
        await keys.press("o")
        await expect(cases.nth(1)).to_contain_text(texts[2])
        await keys.press("d")
        await expect(cases).to_have_count(1)
        await expect(cases.nth(0)).to_be_focused()
        await the_keys_are_shown_and_switched_off(host)
        await keys.press("o")
        await keys.press("m")
        await expect(cases).to_have_count(0)
        await expect(desk(host)).to_be_focused()
        await host.reads("Troll is muted.")
        await expect(host.person("Troll")).to_contain_text("muted")


async def the_keys_are_shown_and_switched_off(host: Person) -> None:
    case, keys = host.page.locator("#desk .case"), host.page.keyboard
    await keys.press("?")
    await expect(sheet(host)).to_contain_text("Nothing needed")
    switch = sheet(host).get_by_label("Use these keys")
    await switch.uncheck()
    await keys.press("Escape")
    await keys.press("o")
    await keys.press("?")
    await expect(sheet(host)).to_have_count(0)
    await expect(case.get_by_role("button", name="Open")).to_be_visible()
    await desk(host).get_by_role("button", name="Keys").click()
    await switch.check()
    await keys.press("Escape")
    await case.get_by_role("button", name="Open").focus()


async def test_a_person_who_may_be_in_danger_and_those_who_look_after_them(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, juniper = await crowd.someone(), await crowd.someone(is_phone=True)
    await host.comes_in(links.host, "Quiet Heron")
    await juniper.comes_in(links.moderator, "Juniper")
    async with outside(server.url, 2) as (fern, ada):
        await fern.comes_in(links, "Fern")
        await ada.comes_in(links, "Ada")
        await ada.does("worry", participant=fern.id)
        await someone_is_looked_after(host, juniper, fern)
        await moderators_talk(host, juniper)
        await notes_are_shared(host, juniper, ada)
        await one_takes_a_break(host, juniper)


async def someone_is_looked_after(host: Person, juniper: Person, fern: Outsider) -> None:
    await juniper.reads("Someone may need you.")
    await juniper.presses("Open the desk")
    await expect(case(juniper, "Fern")).to_contain_text("Someone here is worried about Fern.")
    await at_case(juniper, "Fern", "Open")
    await expect(case(juniper, "Fern")).to_contain_text("What helps")
    await expect(case(host, "Fern")).to_contain_text("Juniper is looking at this.")
    await is_fine(juniper)
    await at_case(juniper, "Fern", "Write to Fern")
    await in_sheet(juniper, "How are you?")
    words = sheet(juniper).get_by_role("textbox")
    await expect(words).to_have_value(HOW_ARE_YOU)
    await words.fill("Hello Fern, how are you?")
    await in_sheet(juniper, "Send")
    await fern.hears("Hello Fern, how are you?")
    await in_sheet(juniper, "Close")
    await at_case(juniper, "worried about Fern", "Looked after")
    await sees_kinds(juniper, "Asking for support")


async def moderators_talk(host: Person, juniper: Person) -> None:
    await juniper.reads("That was a lot. How are you?")
    await at_desk(juniper, "Write to the others")
    await sheet(juniper).get_by_role("textbox").fill("That was hard. I am glad you are here.")
    await in_sheet(juniper, "Send")
    await expect(sheet(juniper).get_by_role("log")).to_contain_text("I am glad you are here.")
    await host.reads("Juniper writes to the moderators.")
    await at_desk(host, "Moderators, 1 new")
    await expect(sheet(host).get_by_role("log")).to_contain_text("That was hard. I am glad you are here.")
    await is_fine(host)
    await in_sheet(host, "Close")
    await in_sheet(juniper, "Close")


async def notes_are_shared(host: Person, juniper: Person, ada: Outsider) -> None:
    await host.acts_on("Ada", "Notes on Ada")
    await sheet(host).get_by_label("A note").fill("Second warning about advice.")
    await in_sheet(host, "Keep")
    await ada.does("report", message=await ada.says("You should all do as I do"), reason="other", words="")
    await at_case(juniper, "Ada", "Open")
    await expect(case(juniper, "Ada")).to_contain_text("Second warning about advice.")
    await at_case(juniper, "Ada", "Nothing needed")


async def one_takes_a_break(host: Person, juniper: Person) -> None:
    await at_desk(juniper, "I need a break")
    await juniper.reads("You are taking a break. Quiet Heron is on duty.")
    await host.reads("Juniper takes a break. The others look after the room.", "Nobody else is on duty.")
    await at_desk(host, "I need a break")
    await host.reads("You are the only one on duty.")
    await at_desk(juniper, "I am back")
    await host.reads("Juniper is back on duty.", "Juniper is on duty with you.")


async def test_who_moderates_no_more_keeps_nothing_of_the_desk(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, juniper = await crowd.someone(), await crowd.someone()
    await host.comes_in(links.host, "Quiet Heron")
    await juniper.comes_in(links.participant, "Juniper")
    await expect(juniper.page.locator("#desk *")).to_have_count(0)
    assert not await juniper.page.evaluate(DESK_LOADED)
    await host.acts_on("Juniper", "Make Juniper a moderator")
    async with outside(server.url, 1) as (fern,):
        await fern.comes_in(links, "Fern")
        await fern.does("report", message=await fern.says("Kumquat"), reason="other", words="Kumquat")
        await at_case(juniper, "Fern", "Open")
        await juniper.reads("They say: Kumquat")
        await host.acts_on("Juniper", "Make Juniper a participant again")
        await expect(desk(juniper)).to_be_hidden()
        await expect(desk(juniper)).not_to_contain_text("Fern", use_inner_text=False)


async def test_by_keyboard_the_focus_stays_in_the_room_when_someone_is_removed_and_brought_back(
    crowd: Crowd, server: Running
) -> None:
    links = await ask_for_a_room(server.url)
    juniper = await crowd.someone()
    await juniper.comes_in(links.moderator, "Juniper")
    async with outside(server.url, 2) as (bo, cy):
        await bo.comes_in(links, "Bo")
        await cy.comes_in(links, "Cy")
        await juniper.button("What to do about Bo").press("Enter")
        await enters(juniper, "Remove Bo", "Remove Bo")
        await expect(juniper.person("Bo")).to_have_count(0)
        await expect(juniper.button("What to do about Cy")).to_be_focused()
        await juniper.banner.get_by_role("button", name="Undo").press("Enter")
        await juniper.reads("Bo can come back.")
        await expect(juniper.page.locator("#floor")).to_be_focused()


async def test_on_a_phone_what_was_done_from_the_list_of_people_and_its_undo_are_seen(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    juniper = await crowd.someone(is_phone=True)
    await juniper.comes_in(links.moderator, "Juniper")
    async with outside(server.url, 1) as (bo,):
        await bo.comes_in(links, "Bo")
        await juniper.presses("People 2", "What to do about Bo")
        await juniper.button("Mute Bo").wait_for()
        await in_sheet(juniper, "Close")
        await juniper.presses("What to do about Bo", "Mute Bo", "5 minutes")
        await expect(juniper.banner).to_contain_text("Bo is muted.")
        await juniper.presses("Undo")
        await juniper.reads("Bo can write again.")


async def test_by_keyboard_the_focus_stays_with_the_calm(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    juniper = await crowd.someone()
    await juniper.comes_in(links.moderator, "Juniper")
    calm = juniper.page.get_by_role("region", name="Calm", exact=True)
    await juniper.button("Calm the room").press("Enter")
    await juniper.button("Calm the room").wait_for(state="hidden")
    await expect(calm).to_be_focused()
    await enters(juniper, "End the calm")
    await juniper.button("End the calm").wait_for(state="hidden")
    await expect(calm).to_be_focused()


async def test_by_keyboard_the_focus_stays_at_the_desk_when_everyone_is_let_in(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    juniper = await crowd.someone()
    await juniper.comes_in(links.moderator, "Juniper")
    await at_desk(juniper, "Knock")
    async with outside(server.url, 2) as late:
        for outsider, name in zip(late, ("Willow", "Moss"), strict=True):
            await outsider.knocks(links, name)
        await sees_kinds(juniper, "Knocking (2)")
        await juniper.button("Let everyone in").press("Enter")
        await juniper.reads("Nothing waits for you.")
        await expect(desk(juniper)).to_be_focused()


async def test_on_a_phone_the_host_reads_why_there_is_not_more_time(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host = await crowd.someone(is_phone=True)
    async with Network([server.url]) as mobile:
        await host.comes_in(links.at(mobile.url).host, "Quiet Heron")
        await host.presses("Meeting")
        await host.button("+5").wait_for()
        async with host.without(mobile):
            await host.banner.get_by_text("Reconnecting").wait_for(state="attached")
            await host.presses("+5")
            await expect(sheet(host).get_by_role("alert").filter(visible=True)).to_contain_text("There is no connection")
        await expect(host.banner).not_to_contain_text("Reconnecting")
        await host.presses("+5")
        await expect(sheet(host).get_by_role("alert").filter(visible=True)).to_have_count(0)
