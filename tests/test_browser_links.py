"""Links and codes as they arrive: spoiled by a program, within a sentence, with a slip, or where nothing can be stored."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browser import Crowd, Person, ask_for_a_room
from playwright.async_api import expect
from serving import Running, serving

NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}"""
TITLE = "Tuesday newcomers"
SELECTED = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def is_at_the_door(person: Person) -> None:
    await expect(person.page.get_by_role("heading", name=TITLE)).to_be_visible()


async def types_a_code(person: Person, server: Running, typed: str) -> None:
    await person.goes_to(server.url + "/")
    await person.page.get_by_label("Your room code").fill(typed)
    await person.presses("Go to the door")


# ---- links ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["%23", "%2523"])
async def test_a_link_whose_sign_was_encoded_leads_to_the_door_and_leaves_the_address(
    crowd: Crowd, server: Running, sign: str
) -> None:
    links = await ask_for_a_room(server.url)
    person = await crowd.someone()
    await person.goes_to(links.host.replace("#", sign))
    await is_at_the_door(person)
    await person.reads("You come in as host.")
    assert person.page.url == f"{server.url}/r"
    assert await person.page.evaluate("history.length") == 2
    await person.page.reload()
    await person.reads("You come in as host.")


@pytest.mark.parametrize("role", ["host", "moderator", "participant"])
@pytest.mark.parametrize("around", ["{}.", "({})", "<{}>", "{},", "{}!", "{}\u200b", "Join us: {} at 8"])
async def test_a_link_is_found_in_what_is_pasted(crowd: Crowd, server: Running, role: str, around: str) -> None:
    link: str = getattr(await ask_for_a_room(server.url), role)
    person = await crowd.someone()
    for pasted in (link, link.replace("#", "%23")):
        await types_a_code(person, server, around.format(pasted))
        await is_at_the_door(person)
        role_here = person.page.locator("#door-role")
        await (expect(role_here).to_be_hidden() if role == "participant" else expect(role_here).to_contain_text(role))


@pytest.mark.parametrize("after", [".", ")", ">", ",", "!", "\u200b", "%20at%208"])
async def test_a_link_that_is_opened_with_what_followed_it_is_the_same(crowd: Crowd, server: Running, after: str) -> None:
    person = await crowd.someone()
    await person.goes_to((await ask_for_a_room(server.url)).moderator + after)
    await is_at_the_door(person)
    await person.reads("You come in as moderator.")


# ---- codes ---------------------------------------------------------------------------------------------------------------


async def test_a_word_with_a_slip_is_marked_and_all_words_are_kept(crowd: Crowd, server: Running) -> None:
    words = (await ask_for_a_room(server.url)).words.split()
    typed = " ".join([*words[:3], f"{words[3]}x", *words[4:]])
    person = await crowd.someone(is_phone=True)
    await types_a_code(person, server, typed.title())
    await person.reads(f"No room code has the word \u201c{words[3]}x\u201d. Is it \u201c{words[3]}\u201d?")
    field = person.page.get_by_label("Your room code")
    await expect(field).to_have_value(typed.title())
    await expect(field).to_be_focused()
    assert (await field.evaluate(SELECTED)).lower() == f"{words[3]}x"
    await person.page.keyboard.type(words[3])
    await person.presses("Go to the door")
    await is_at_the_door(person)


async def test_words_that_open_no_room_can_be_looked_at_again(crowd: Crowd, server: Running) -> None:
    typed = "abacus abide ability aboard about above"
    person = await crowd.someone(is_phone=True)
    await types_a_code(person, server, typed)
    await person.is_told("There is no meeting here")
    await person.keeps_nothing()
    await person.touches(person.page.get_by_role("link", name="Look at the words again"))
    await expect(person.page.get_by_label("Your room code")).to_have_value(typed)
    await person.keeps_nothing()


async def test_without_the_list_a_code_is_tried_as_it_is(crowd: Crowd, server: Running) -> None:
    person = await crowd.someone()
    person.pardon("net::ERR_")
    await person.context.route("**/words/*.json", lambda route: route.abort())
    await types_a_code(person, server, (await ask_for_a_room(server.url)).words)
    await is_at_the_door(person)


# ---- where nothing can be stored -----------------------------------------------------------------------------------------


async def cannot_store(crowd: Crowd) -> Person:
    person = await crowd.someone()
    await person.context.add_init_script(NO_STORAGE)
    return person


async def test_where_nothing_can_be_stored_a_reload_finds_the_door_and_the_role(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    person = await cannot_store(crowd)
    await person.comes_in(links.host)
    for _ in range(2):
        await person.page.reload()
        await is_at_the_door(person)
        await person.reads("You come in as host.")
    await person.comes_in()
    await person.presses("End the meeting", "End the meeting")
    await person.is_told("The meeting has ended")
    assert person.page.url == f"{server.url}/r"


async def test_where_nothing_can_be_stored_a_typed_code_opens_the_door(crowd: Crowd, server: Running) -> None:
    person = await cannot_store(crowd)
    await types_a_code(person, server, (await ask_for_a_room(server.url)).words)
    await is_at_the_door(person)
    await person.page.reload()
    await is_at_the_door(person)


async def test_where_nothing_can_be_stored_a_host_goes_in(crowd: Crowd, server: Running) -> None:
    person = await cannot_store(crowd)
    await person.opens_a_room(server.url, TITLE, "Welcome")
    await person.presses("Go in as host")
    await is_at_the_door(person)
    await person.reads("You come in as host.")
