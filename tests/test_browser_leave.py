"""Leave now never happens by accident: a half-written share is still there after whatever else one does with Shift."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from browser import Crowd, Person, ask_for_a_room
from playwright.async_api import expect
from serving import Running, serving

NEUTRAL = "https://weather.example/"
WORDS = "Half a share that nobody has sent yet"
TIMES = 4


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000", "LEAVE_URL": NEUTRAL}) as (server,):
        yield server


async def is_writing(person: Person, server: Running) -> None:
    await person.comes_in((await ask_for_a_room(server.url)).participant)
    await person.field.fill(WORDS)


async def changes_the_keyboard(person: Person) -> None:
    keyboard = person.page.keyboard
    await keyboard.down("Alt")
    for _ in range(TIMES):
        await keyboard.press("Shift")
    await keyboard.up("Alt")


async def changes_the_keyboard_shift_first(person: Person) -> None:
    keyboard = person.page.keyboard
    for _ in range(TIMES):
        await keyboard.down("Shift")
        await keyboard.press("Control")
        await keyboard.up("Shift")


async def marks_by_clicking(person: Person) -> None:
    for _ in range(TIMES):
        await person.page.keyboard.down("Shift")
        await person.field.click()
        await person.page.keyboard.up("Shift")


async def scrolls_sideways(person: Person) -> None:
    await person.field.hover()
    for _ in range(TIMES):
        await person.page.keyboard.down("Shift")
        async with person.page.expect_event("console", lambda message: message.text == "wheel"):
            await person.page.mouse.wheel(0, 30)
        await person.page.keyboard.up("Shift")


async def marks_while_the_button_is_down(person: Person) -> None:
    await person.field.hover()
    await person.page.mouse.down()
    for _ in range(TIMES):
        await person.page.keyboard.press("Shift")
    await person.page.mouse.up()


async def composes(person: Person) -> None:
    session = await person.context.new_cdp_session(person.page)
    await person.field.focus()
    for _ in range(TIMES):
        await person.page.keyboard.down("Shift")
        await session.send("Input.imeSetComposition", {"text": "か", "selectionStart": 1, "selectionEnd": 1})
        await person.page.keyboard.up("Shift")
    await session.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})


async def gets_text_without_a_key(person: Person) -> None:
    for _ in range(TIMES):
        await person.page.keyboard.down("Shift")
        await person.page.keyboard.insert_text("!")
        await person.page.keyboard.up("Shift")
        await person.page.keyboard.press("Backspace")


async def moves_by_heading_with_a_screen_reader(person: Person) -> None:
    """The page hears Shift alone, the letter is the screen reader's."""
    for _ in range(TIMES):
        await person.page.keyboard.press("Shift")
        await person.page.clock.run_for(1300)


ACCIDENTS: list[Callable[[Person], Awaitable[None]]] = [
    changes_the_keyboard,
    changes_the_keyboard_shift_first,
    marks_by_clicking,
    scrolls_sideways,
    marks_while_the_button_is_down,
    composes,
    gets_text_without_a_key,
    moves_by_heading_with_a_screen_reader,
]


@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda accident: accident.__name__)
async def test_what_else_one_does_with_shift_wipes_no_words(
    crowd: Crowd, server: Running, accident: Callable[[Person], Awaitable[None]]
) -> None:
    person = await crowd.someone()
    if accident is moves_by_heading_with_a_screen_reader:
        await person.page.clock.install()
    await is_writing(person, server)
    await person.page.evaluate("addEventListener('wheel', () => console.log('wheel'), { capture: true })")
    await accident(person)
    await expect(person.field).to_have_value(WORDS)
    assert NEUTRAL not in person.page.url
