"""A room's own list of words in a real Chromium: saved to a file, and loaded from one in another meeting."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person, ask_for_a_room
from desk_screen import at_desk, opens
from playwright.async_api import expect
from serving import Running, serving
from support_people import in_sheet, sheet

LOTTERY = {"pattern": "lottery", "kind": "literal", "verdict": "reject"}
ODDS = {"pattern": r"\bodds\b", "kind": "re2", "verdict": "hold"}


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def opens_the_list(person: Person, link: str, *, is_phone: bool = False) -> None:
    await person.comes_in(link, "Quiet Heron")
    if is_phone:
        await person.presses("Desk")
    await opens(person, "Pace")
    await at_desk(person, "The list of words")


async def loads(person: Person, path: Path) -> None:
    async with person.page.expect_file_chooser() as chosen:
        await in_sheet(person, "Load a file")
    await (await chosen.value).set_files(path)


async def test_a_list_is_saved_and_loaded_in_the_next_meeting(crowd: Crowd, server: Running, tmp_path: Path) -> None:
    host = await crowd.someone()
    await opens_the_list(host, (await ask_for_a_room(server.url)).host)
    patterns = sheet(host).get_by_label("Word or pattern")
    await patterns.fill("lottery")
    await sheet(host).get_by_role("combobox").nth(1).select_option("reject")
    async with host.page.expect_download() as saved:
        await in_sheet(host, "Save to a file")
    download = await saved.value
    assert download.suggested_filename == "room-words.json"
    path = tmp_path / "words.json"
    await download.save_as(path)
    assert json.loads(path.read_text()) == [LOTTERY]

    path.write_text(json.dumps([LOTTERY, ODDS]))
    juniper = await crowd.someone(is_phone=True)
    links = await ask_for_a_room(server.url)
    await opens_the_list(juniper, links.moderator, is_phone=True)
    theirs = sheet(juniper).last.get_by_label("Word or pattern")
    await theirs.fill("lottery")
    await loads(juniper, path)
    await juniper.reads("1 new from the file. They hold when you press Keep.")
    await expect(theirs).to_have_count(2)
    await is_fine(juniper)
    await juniper.presses("Keep")
    await juniper.reads("The list of words holds from now on.")


async def test_a_file_that_does_not_fit_is_told_and_nothing_typed_is_lost(
    crowd: Crowd, server: Running, tmp_path: Path
) -> None:
    host = await crowd.someone()
    await opens_the_list(host, (await ask_for_a_room(server.url)).host)
    pattern, alert = sheet(host).get_by_label("Word or pattern"), sheet(host).get_by_role("alert")
    await pattern.fill("typed by hand")
    path = tmp_path / "words.json"
    for content, sentence in (
        ("not json", "This is not a list of words: it is not valid JSON."),
        (json.dumps([LOTTERY, {**ODDS, "verdict": "ban"}]), 'Number 2: the "verdict" must be one of: nudge, hold, reject.'),
        (json.dumps([{**ODDS, "pattern": f"odds {number}"} for number in range(100)]), "With these there would be 101;"),
        ("x" * 300_000, "This file is too large to be a list of words."),
    ):
        path.write_text(content)
        await loads(host, path)
        await expect(alert).to_contain_text(f"The file was not taken; what is here is as it was. {sentence}")
        await expect(pattern).to_have_count(1)
        await expect(pattern).to_have_value("typed by hand")
    await is_fine(host)
