"""A group's script in a real Chromium: chosen, changed, saved to a file, loaded from one, and run by the host."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from accessible import is_fine
from browser import Crowd, Person, ask_for_a_room
from playwright.async_api import Locator, expect
from serving import Running, serving


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def at_the_form(crowd: Crowd, server: Running, *, is_phone: bool = False) -> Person:
    person = await crowd.someone(is_phone=is_phone)
    await person.goes_to(server.url + "/open")
    await person.page.get_by_label("What is the meeting called?").fill("Tuesday newcomers")
    return person


async def chooses_course(person: Person, name: str) -> None:
    await person.page.get_by_label("How does it run?").select_option(label=name)


async def looks_at_the_texts(person: Person, name: str) -> None:
    await chooses_course(person, name)
    await person.presses("Look at the texts and change them")
    await person.page.locator(".phases").wait_for()


def parts(person: Person) -> Locator:
    return person.page.locator(".phases summary")


async def saved(person: Person, folder: Path) -> Path:
    path = folder / "script.json"
    async with person.page.expect_download() as download:
        await person.presses("Save to a file")
    await (await download.value).save_as(path)
    return path


async def loads(person: Person, path: Path) -> None:
    await person.page.get_by_label("A script's file").set_input_files(path)


async def test_a_template_shows_its_course_and_sets_the_time(crowd: Crowd, server: Running) -> None:
    person = await at_the_form(crowd, server, is_phone=True)
    await chooses_course(person, "SMART-style")
    await person.reads("A check-in without answers", "7 parts, 90 minutes.", "Choosing a topic, 5 min")
    assert await person.page.get_by_role("radio", name="90 min", exact=True).is_checked()
    await is_fine(person)
    await person.presses("Look at the texts and change them")
    await parts(person).nth(1).tap()
    await is_fine(person)
    await chooses_course(person, "An open room")
    await expect(person.page.locator("#course-part")).to_be_hidden()


async def test_a_script_is_changed_by_keyboard_alone_and_nothing_removed_is_lost(crowd: Crowd, server: Running) -> None:
    person = await at_the_form(crowd, server)
    page = person.page
    await looks_at_the_texts(person, "Open circle")
    await expect(parts(person)).to_have_count(4)
    await parts(person).nth(1).press("Enter")
    await page.locator("#title-1").wait_for()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("One round")
    await expect(parts(person).nth(1)).to_contain_text("2. One round")
    await page.get_by_role("button", name="Up: One round").press("Enter")
    await expect(parts(person).nth(0)).to_contain_text("1. One round")
    await expect(page.get_by_role("button", name="Down: One round")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(parts(person).nth(1)).to_contain_text("2. One round")
    await page.get_by_role("button", name="Remove: One round").press("Enter")
    await expect(parts(person)).to_have_count(3)
    await expect(person.button("Bring it back")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(parts(person).nth(1)).to_contain_text("2. One round")
    await page.get_by_role("button", name="New part after this: One round").press("Enter")
    await page.keyboard.type("A breath")
    await expect(parts(person).nth(2)).to_contain_text("3. A breath")
    await is_fine(person)


async def test_a_part_that_is_not_right_is_opened_and_says_why(crowd: Crowd, server: Running) -> None:
    person = await at_the_form(crowd, server)
    await looks_at_the_texts(person, "Open circle")
    await person.presses("New part at the end")
    await person.page.keyboard.press("Shift+Tab")
    await person.presses("Open the room")
    await person.reads("The title is empty.")
    await expect(person.page.get_by_label("What is this part called?").last).to_be_focused()
    await person.page.keyboard.type("The last word")
    await person.presses("Open the room")
    await person.is_told("Your room is open")


async def test_a_script_is_saved_and_loaded_and_a_wrong_file_changes_nothing(
    crowd: Crowd, server: Running, tmp_path: Path
) -> None:
    person = await at_the_form(crowd, server)
    await looks_at_the_texts(person, "Grief circle")
    file = await saved(person, tmp_path)
    kept = json.loads(file.read_text())
    assert (kept["title"], kept["minutes"], len(kept["phases"])) == ("Tuesday newcomers", 60, 6)
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({**kept, "phases": [{"title": "<b>Loud</b>", "mode": "loud"}, {"title": ""}]}))
    await loads(person, wrong)
    await person.reads(
        "The file was not taken", "Part 1: the mode must be one of: host, floor, open.", "Part 2: the title is empty."
    )
    await expect(parts(person)).to_have_count(6)
    await is_fine(person)
    kept["phases"] = [{"title": "<b>Ours</b>", "mode": "floor", "minutes": 20}]
    file.write_text(json.dumps({**kept, "minutes": 75, "fellowship_minutes": 30}))
    await loads(person, file)
    await expect(parts(person)).to_have_text(["1. <b>Ours</b>: one person shares at a time, 20 min"])
    assert await person.page.get_by_label("Time together after the end").input_value() == "30"
    assert await person.page.get_by_label("Minutes", exact=True).input_value() == "75"
    await person.presses("Open the room")
    await person.is_told("Your room is open")


async def test_a_large_file_is_refused_kindly(crowd: Crowd, server: Running, tmp_path: Path) -> None:
    person = await at_the_form(crowd, server)
    await chooses_course(person, "Our own script")
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 10 * 1024 * 1024)
    await loads(person, large)
    await person.reads("This file is too large to be a script.")
    await expect(parts(person)).to_have_count(1)


SCRIPT = [
    {"title": "Welcome", "mode": "host", "text": "Good evening."},
    {"title": "Shares", "mode": "floor", "minutes": 30},
    {"title": "Closing", "mode": "open", "kind": "closing"},
]


async def a_host(crowd: Crowd, link: str, name: str, *, is_phone: bool = False) -> Person:
    person = await crowd.someone(is_phone=is_phone)
    await person.comes_in(link, name)
    return person


async def opens_the_plan(person: Person) -> None:
    if person.is_phone:
        await person.presses("Meeting")
    await person.presses("Change the plan")
    await person.page.get_by_role("dialog", name="The plan").wait_for()


def planned(person: Person) -> Locator:
    return person.page.locator("#plan-list li .grow")


async def test_a_host_changes_the_plan_while_the_meeting_goes_on(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, script=SCRIPT)
    host = await a_host(crowd, links.host, "Quiet Heron")
    await host.presses("Next: Welcome")
    await host.sees("Good evening.")
    await opens_the_plan(host)
    await expect(parts(host).first).to_have_text("1. Welcome (now): the host speaks")
    await parts(host).first.click()
    await expect(host.page.get_by_role("button", name="Remove: Welcome")).to_be_disabled()
    await host.page.get_by_role("button", name="New part after this: Welcome").click()
    await host.page.keyboard.type("A breath")
    await host.page.get_by_role("button", name="Down: Welcome").click()
    await is_fine(host)
    await host.presses("Keep the plan")
    await host.reads("The plan was changed.")
    await expect(planned(host)).to_have_text(["A breath", "Welcome", "Shares", "Closing"])
    await expect(host.page.locator("#plan-list li[aria-current]")).to_contain_text("Welcome")
    await host.button("Next: Shares").wait_for()


async def test_what_two_hosts_change_at_once_is_not_lost_unseen(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, script=SCRIPT)
    host = await a_host(crowd, links.host, "Quiet Heron")
    other = await a_host(crowd, links.host, "Second Heron", is_phone=True)
    await opens_the_plan(host)
    await host.presses("New part at the end")
    await host.page.keyboard.type("Mine")
    await opens_the_plan(other)
    await other.presses("New part at the end")
    await other.page.keyboard.type("Theirs")
    await is_fine(other)
    await other.presses("Keep the plan")
    await other.reads("The plan was changed.")
    await expect(planned(host)).to_have_text(["Welcome", "Shares", "Closing", "Theirs"])
    await host.presses("Keep the plan")
    await host.reads("Someone else changed the plan meanwhile.")
    await expect(parts(host)).to_have_count(4)
    await expect(parts(host).last).to_contain_text("Mine")


async def test_a_plan_that_was_not_kept_is_still_there(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, script=SCRIPT)
    host = await a_host(crowd, links.host, "Quiet Heron")
    await opens_the_plan(host)
    await host.presses("New part at the end")
    await host.page.keyboard.type("Half a thought")
    await host.page.keyboard.press("Escape")
    await opens_the_plan(host)
    await expect(parts(host).last).to_contain_text("Half a thought")
