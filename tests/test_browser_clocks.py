"""A device whose clock is hours wrong, or is put right during a meeting: nobody loses a seat, a word or an hour by it."""

import json
import re
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browser import Crowd, Person, ask_for_a_room
from playwright.async_api import expect
from relay import Network
from serving import Running, serving

HOUR_MS = 3_600_000
WRONG_CLOCK = """(ahead) => {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length ? given : [Real.now() + ahead]));
    }
    static now() {
      return Real.now() + ahead;
    }
  };
}"""
WRONG = pytest.mark.parametrize("hours", [5, 24, -5], ids=lambda hours: f"{hours:+} h")


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def with_a_clock_ahead(crowd: Crowd, hours: int) -> Person:
    person = await crowd.someone()
    await person.context.add_init_script(f"({WRONG_CLOCK})({hours * HOUR_MS})")
    return person


@WRONG
async def test_a_reload_keeps_the_seat_and_the_draft_of_a_device_with_a_wrong_clock(
    crowd: Crowd, server: Running, hours: int
) -> None:
    person = await with_a_clock_ahead(crowd, hours)
    await person.comes_in((await ask_for_a_room(server.url)).participant)
    await person.says("Said before")
    await expect(person.message("Said before")).to_contain_text("Sent")
    await person.field.fill("Half a share")
    await person.page.reload()
    await person.is_in()
    await expect(person.field).to_have_value("Half a share")
    await expect(person.texts).to_have_text(["Said before"])
    await expect(person.page.locator("#roster li")).to_have_count(1)


async def test_a_clock_that_is_put_right_while_the_page_is_closed_costs_no_seat(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone()
    links = await ask_for_a_room(server.url)
    await person.comes_in(links.participant)
    await person.says("Said before")
    await expect(person.message("Said before")).to_contain_text("Sent")
    await person.context.add_init_script(f"({WRONG_CLOCK})({24 * HOUR_MS})")
    await person.page.reload()
    await person.is_in()
    await expect(person.texts).to_have_text(["Said before"])


@WRONG
async def test_a_clock_that_jumps_while_offline_ends_no_meeting(crowd: Crowd, server: Running, hours: int) -> None:
    person = await crowd.someone(is_phone=True)
    await person.page.clock.install()
    links = await ask_for_a_room(server.url)
    async with Network([server.url]) as mobile:
        await person.comes_in(links.at(mobile.url).participant)
        await person.field.fill("Half a share")
        async with person.without(mobile):
            await person.page.clock.set_system_time(time.time() + hours * 3600)
            await person.page.clock.run_for(15_000)
            await expect(person.banner).to_contain_text("Your words are kept.")
        await expect(person.banner).to_have_text("You are back.")
        await expect(person.field).to_have_value("Half a share")


@WRONG
async def test_a_meeting_for_later_begins_when_it_is_that_time_where_the_host_is(
    crowd: Crowd, server: Running, hours: int
) -> None:
    host = await with_a_clock_ahead(crowd, hours)
    now = time.time()
    chosen = time.gmtime(now + 2 * 3600)
    async with host.page.expect_response(re.compile("/healthz$")):
        await host.goes_to(server.url + "/open")
    await host.chooses("At a time, today or tomorrow")
    await host.page.get_by_label("It starts at").fill(time.strftime("%H:%M", chosen))
    day = "today" if chosen.tm_mday == time.gmtime(now).tm_mday else "tomorrow"
    await expect(host.page.locator("#time-says")).to_contain_text(f"That is {day} at")
    await host.page.get_by_label("What is the meeting called?").fill("Tuesday newcomers")
    async with host.page.expect_request("**/api/rooms") as asked:
        await host.presses("Open the room")
    wish = json.loads((await asked.value).post_data or "")
    assert abs(wish["starts_at"] / 1000 - now - 2 * 3600) <= 61
    await host.reads("The doors open at")
