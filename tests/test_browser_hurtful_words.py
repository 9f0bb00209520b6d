"""Hurtful words do not come back, in real browsers: after the calm, after a removal, and for who reported them."""

from collections.abc import AsyncIterator

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person, ask_for_a_room
from desk_screen import at_case, at_desk, desk, opens, outside
from keyboard import enters
from playwright.async_api import expect
from serving import Running, serving
from support_people import in_sheet, sheet

INSULT = "nobody would miss any of you"
OTHER_INSULT = "and you least of all"
KIND = "please stop it"
COVERED = "The words of the last minute are covered for a moment."
PHONE_OF_OLD = {"viewport": {"width": 360, "height": 640}}


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def test_the_end_of_the_calm_brings_back_no_insults(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    juniper, maple = await crowd.someone(is_phone=True, **PHONE_OF_OLD), await crowd.someone()
    await juniper.comes_in(links.moderator, "Juniper")
    await maple.comes_in(links.participant, "Maple")
    async with outside(server.url, 3) as (troll, lout, fern):
        for outsider, name, words in ((troll, "Troll", INSULT), (lout, "Lout", OTHER_INSULT), (fern, "Fern", KIND)):
            await outsider.comes_in(links, name)
            await outsider.says(words)
        await maple.sees(INSULT, OTHER_INSULT, KIND)
        await juniper.presses("Desk")
        await at_desk(juniper, "Calm the room")
        await maple.reads(COVERED)
        await in_sheet(juniper, "Close")
        for name in ("Troll", "Lout"):
            await removes_from_the_list(juniper, name, deletes=False)
        await juniper.presses("Desk")
        await at_desk(juniper, "Undo: The last minute is veiled")
        await expect(sheet(juniper).last).to_contain_text("2 messages by people who were removed are still hidden.")
        await is_fine(juniper)
        await juniper.presses("Not now")
        await maple.reads(COVERED)
        await at_desk(juniper, "End the calm")
        await juniper.presses("Delete them")
        await maple.sees(KIND)
        await maple.reads("A moderator took 2 messages away.")
        await maple.reads_nothing_of(INSULT, OTHER_INSULT, "Troll", "Lout")
        await maple.page.reload()
        await maple.sees(KIND)
        await maple.reads_nothing_of(INSULT, OTHER_INSULT, "Troll", "Lout")
        await opens(juniper, "What was done")
        await juniper.reads("and deleted what removed people had written")


async def removes_from_the_list(juniper: Person, name: str, *, deletes: bool) -> None:
    """The sheet says first whether what they wrote goes as well."""
    await juniper.touches(juniper.page.locator("#open-people"))
    await juniper.presses(f"What to do about {name}", f"Remove {name}")
    assert await sheet(juniper).get_by_label("Also delete what they wrote").is_checked() is deletes
    await is_fine(juniper)
    await in_sheet(juniper, f"Remove {name}")
    await expect(juniper.banner).to_contain_text(f"{name} is removed")


async def test_by_keyboard_what_removed_people_wrote_is_shown_all_the_same(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    host, maple = await crowd.someone(), await crowd.someone(is_phone=True)
    await host.comes_in(links.host, "Quiet Heron")
    await maple.comes_in(links.participant, "Maple")
    async with outside(server.url, 1) as (bo,):
        await bo.comes_in(links, "Bo")
        await bo.says("I never meant any of it")
        await enters(host, "Calm the room")
        await host.button("What to do about Bo").press("Enter")
        await enters(host, "Remove Bo", "Remove Bo")
        await expect(host.person("Bo")).to_have_count(0)
        await opens(host, "What was done")
        await enters(host, "Take the veil away", "Show it again")
        await maple.sees("I never meant any of it")
        await expect(desk(host)).to_contain_text("took the veil away")
        await expect(desk(host)).not_to_contain_text("and deleted what removed people had written")


async def test_who_reported_words_does_not_see_them_again_and_nobody_does_after_the_removal(
    crowd: Crowd, server: Running
) -> None:
    links = await ask_for_a_room(server.url)
    juniper, maple, river = await crowd.someone(is_phone=True), await crowd.someone(is_phone=True), await crowd.someone()
    await juniper.comes_in(links.moderator, "Juniper")
    await maple.comes_in(links.participant, "Maple")
    await river.comes_in(links.participant, "River")
    async with outside(server.url, 1) as (troll,):
        await troll.comes_in(links, "Troll")
        for words in (INSULT, OTHER_INSULT):
            await troll.says(words)
        await maple.reports(INSULT, "It is unkind or threatening")
        await maple.reads("Thank you. The moderators have been told. You don't see this message any more.")
        await maple.reads("You reported this, so you don't see it any more.")
        await maple.reads_nothing_of(INSULT)
        await maple.page.reload()
        await maple.sees(OTHER_INSULT)
        await maple.reads("You reported this, so you don't see it any more.")
        await maple.reads_nothing_of(INSULT)
        await is_fine(maple)
        await river.sees(INSULT)
        await juniper.presses("Desk, 1 open")
        await at_case(juniper, "Troll", "Open", "Remove")
        await juniper.reads("Troll is removed, and what they wrote is deleted.", "Nothing waits for you.")
        for person in (maple, river):
            await person.reads("A moderator took 2 messages away.")
            await person.reads_nothing_of(INSULT, OTHER_INSULT, "Troll")
        await at_desk(juniper, "Undo")
        await juniper.reads("Troll can come back. What was deleted stays deleted.")


async def test_the_guard_asks_for_the_words_to_go_with_the_person(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    juniper = await crowd.someone(is_phone=True)
    await juniper.comes_in(links.moderator, "Juniper")
    async with outside(server.url, 3) as raiders:
        for raider, name in zip(raiders, ("Troll", "Lout", "Rook"), strict=True):
            await raider.comes_in(links, name)
            await raider.says("We are many and we stay for the whole evening")
        await juniper.button("Desk").wait_for()
        await removes_from_the_list(juniper, "Troll", deletes=True)
        await expect(juniper.banner).to_contain_text("Troll is removed, and what they wrote is deleted.")
