"""Words that run from right to left stand right wherever people write or read them, and turn nothing beside them."""

from collections.abc import AsyncIterator

import pytest_asyncio
from browser import Crowd, ask_for_a_room
from playwright.async_api import Locator, expect
from safety_people import at_the_desk
from serving import Running, serving
from support_people import sheet

WORDS = "שלום לכולם!"
NAME = "שלום"
SIGN_IS_LEFT = """(element, [words, sign]) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const rectOf = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const [first, last] = [rectOf(walker.currentNode, at), rectOf(walker.currentNode, at + words.indexOf(sign))];
    return last.right <= first.left + 1;
  }
  return `${words} is not in ${element.outerHTML.slice(0, 200)}`;
}"""
"""The sign at the end of such words stands on their left."""
COMES_AFTER = """(element, [before, after]) => {
  const places = {};
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) for (const part of [before, after]) {
    const at = walker.currentNode.data.indexOf(part);
    if (at < 0 || places[part]) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + part.length);
    places[part] = range.getBoundingClientRect();
  }
  return places[before].right <= places[after].left + 1;
}"""


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    async with serving({"ROOMS_PER_SOURCE_PER_HOUR": "1000"}) as (server,):
        yield server


async def stands_right(place: Locator, words: str = WORDS) -> None:
    await expect(place).to_contain_text(words)
    assert await place.evaluate(SIGN_IS_LEFT, [words, "!"]) is True, await place.evaluate("(node) => node.outerHTML")


async def is_followed_by(place: Locator, before: str, after: str) -> None:
    await expect(place).to_contain_text(before)
    assert await place.evaluate(COMES_AFTER, [before, after]) is True, await place.evaluate("(node) => node.outerHTML")


async def is_written_right(field: Locator) -> None:
    await field.fill(WORDS)
    await expect(field).to_have_css("direction", "rtl")
    await field.fill("Hello")
    await expect(field).to_have_css("direction", "ltr")


async def test_every_field_for_words_takes_their_direction(crowd: Crowd, server: Running) -> None:
    host = await crowd.someone()
    await host.goes_to(server.url + "/open")
    for label in ("What is the meeting called?", "A welcome", "How you treat each other"):
        await is_written_right(host.page.get_by_label(label))
    await host.page.locator("summary", has_text="More choices").click()
    await is_written_right(host.page.get_by_label("How can someone who was removed reach you?"))
    await host.goes_to((await ask_for_a_room(server.url)).host)
    await host.presses("Choose my own")
    await is_written_right(host.page.get_by_label("Your name here"))
    await host.comes_in(name="Quiet Heron")
    await is_written_right(host.field)


async def test_the_texts_of_a_room_stand_right_at_the_door_and_inside(crowd: Crowd, server: Running) -> None:
    script = [{"title": WORDS, "mode": "open", "crosstalk": "open"} for _ in range(3)]
    links = await ask_for_a_room(server.url, title=WORDS, welcome=WORDS, rules=[WORDS, "Be kind."], script=script)
    ada = await crowd.someone()
    async with at_the_desk(server, links.host, NAME) as host:
        await ada.goes_to(links.participant)
        for place in ("#door-title", "#door-welcome", "#door-rules li >> nth=0"):
            await stands_right(ada.page.locator(place))
        await expect(ada.page.locator("#door-rules li").nth(1)).to_have_css("direction", "ltr")
        await ada.comes_in(name="Ada")
        await host.does("go_to_phase", phase=2)
        for place in ("#title", "#meeting-welcome", "#meeting-rules li >> nth=0", "#facts", "#status", "#course-now", ".phase"):
            await stands_right(ada.page.locator(place).first)
        await is_followed_by(ada.page.locator("#facts"), WORDS, "here")
        await host.does("set_topic", topic=WORDS)
        await stands_right(ada.page.locator("#course-topic"))
        await is_followed_by(ada.page.locator("#course-topic"), "Topic:", WORDS)


async def test_messages_stand_right_and_leave_their_neighbours_alone(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    ada = await crowd.someone()
    async with at_the_desk(server, links.moderator, NAME) as other, at_the_desk(server, links.participant, "Bo") as bo:
        await ada.comes_in(links.participant, "Ada")
        await other.does("post", origin_id="first-words", text=WORDS)
        await bo.does("post", origin_id="next-words", text="Hello!")
        await ada.sees("Hello!")
        await stands_right(ada.page.locator("#log .text").first)
        await expect(ada.page.locator("#log .text").nth(1)).to_have_css("direction", "ltr")
        await expect(ada.page.locator("#log bdi.name").first).to_have_text(NAME)
        await is_followed_by(ada.page.locator("#log .by").first, NAME, "moderator")
        await is_followed_by(ada.person(NAME), NAME, "moderator")
        await ada.opens_message(WORDS)
        await is_followed_by(sheet(ada).locator("h2"), NAME, "wrote")
        await is_followed_by(sheet(ada).get_by_role("button", name="More about"), "More about", NAME)


async def test_polls_private_lines_and_the_desk_stand_right(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url)
    ada, juniper = await crowd.someone(), await crowd.someone()
    async with at_the_desk(server, links.host, NAME) as host:
        await ada.comes_in(links.participant, "Ada")
        await juniper.comes_in(links.moderator, "Juniper")
        await expect(juniper.page.locator("#desk")).to_be_visible()
        await host.does("open_poll", question=WORDS, options=[WORDS, "Hello!"], kind="single")
        await stands_right(ada.banner)
        await is_followed_by(ada.banner, "A poll:", WORDS)
        await ada.presses("Vote in the poll")
        await stands_right(sheet(ada).locator(".lead"))
        await stands_right(sheet(ada).locator("label").first)
        await sheet(ada).get_by_role("radio").first.check()
        await ada.presses("Vote")
        await stands_right(sheet(ada).get_by_text("You voted"))
        await ada.presses("Close")
        await ada.says(WORDS)
        await juniper.sees(WORDS)
        await host.does("report", message=(await host.sees("message_posted"))["id"], reason="unkind", words=WORDS)
        await juniper.page.locator("#desk [data-act=open]").click()
        await stands_right(juniper.page.locator("#desk blockquote"))
        await stands_right(juniper.page.locator("#desk .case").get_by_text("They say:"))
        await ada.presses("I need support now")
        line = (await host.sees("line_opened"))["line"]
        await host.does("claim_line", line=line)
        await host.does("say_privately", line=line, origin_id="private-words", text=WORDS)
        await stands_right(sheet(ada).locator(".word .text"))
        await is_followed_by(sheet(ada).locator(".lead"), NAME, "is with you")
