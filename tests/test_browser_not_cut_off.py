"""Nobody is cut off, in real browsers, by a clock that the test moves on: the sharer is asked, the host has more time at hand,
and whoever writes at the end does not lose the words."""

from typing import Any

from accessible import SMALL_TARGETS, TARGET_PX, is_fine
from browser import Crowd, Links, Person, ask_for_a_room
from floor_meeting import SCRIPT, Clock, a_clock, draft
from keyboard import enters, hears, listens
from playwright.async_api import Locator, expect

from chatroom.core.limits import TYPING_SECONDS

SMALL_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}}
SAID, HALF = "My mother died in May.", "I have not been able to say this to anyone but"
MINUTE_SECONDS = 60
STORED_WORDS = "() => [localStorage, sessionStorage].some((store) => JSON.stringify(store).includes('able to say'))"


def question(person: Person) -> Locator:
    return person.page.get_by_role("region", name="A question for you")


async def ada_shares(crowd: Crowd, clock: Clock) -> tuple[Links, Person, Person, Person]:
    """A share of one minute; Ada has said something and has half a sentence in the field; Bo's hand is up."""
    script = [{"title": "Shares", "mode": "floor", "crosstalk": "thanks", "minutes": 30}, *SCRIPT[2:]]
    links = await ask_for_a_room(clock.url, script=script)
    host, ada, bo = await crowd.someone(), await crowd.someone(is_phone=True, **SMALL_PHONE), await crowd.someone()
    for person, name in ((host, "Quiet Heron"), (ada, "Ada"), (bo, "Bo")):
        await person.comes_in(links.host if person is host else links.participant, name)
    await host.presses("Next: Shares")
    await host.touches(host.page.get_by_text("More for who leads"))
    await host.presses("How the floor is given")
    await host.page.get_by_label("A share lasts").select_option("1 minute")
    await host.presses("Keep")
    await ada.presses("Raise my hand")
    await ada.says(SAID)
    await host.sees(SAID)
    await bo.presses("Raise my hand")
    await expect(bo.status).to_contain_text("It is your turn next.")
    clock.now += TYPING_SECONDS * 1000
    await ada.field.fill(HALF)
    await host.reads("Ada is still writing")
    return links, host, ada, bo


async def asked_at(clock: Clock, seconds: int, *people: Person) -> None:
    await clock.at(seconds, *people)
    await expect(question(people[0])).to_contain_text("Still writing?")


PLACES = """() => Array.from(document.querySelectorAll("#words, #send, #acts button, #log .message"))
  .map((node) => { const { left, top, width, height } = node.getBoundingClientRect(); return [left, top, width, height]; })"""


async def test_half_a_sentence_keeps_the_floor(crowd: Crowd) -> None:
    """The sharer alone is asked; nothing moves, nothing takes the focus; what was begun is never lost."""
    async with a_clock() as clock:
        _, host, ada, bo = await ada_shares(crowd, clock)
        await listens(ada)
        await clock.at(85, ada, host, bo)
        await expect(ada.status).to_contain_text("Please finish your thought.")
        places = await ada.page.evaluate(PLACES)
        await asked_at(clock, 92, ada, host, bo)
        await hears(ada, "Still writing? There is no hurry.")
        await expect(ada.field).to_be_focused()
        assert await ada.page.evaluate(PLACES) == places
        assert await ada.page.evaluate(SMALL_TARGETS, TARGET_PX) == []
        await is_fine(ada)
        for other in (host, bo):
            await expect(question(other)).to_be_hidden()
            await expect(other.status).to_contain_text("Ada")
        await clock.at(210, ada, host, bo)
        await expect(ada.status).to_contain_text("Nobody will cut you off")
        await ada.presses("Keep the floor")
        await expect(question(ada)).to_be_hidden()
        await expect(ada.field).to_be_focused()
        await asked_at(clock, 335, ada, host, bo)
        await clock.at(460, ada, host, bo)
        await expect(bo.status).to_contain_text("You have the floor.")
        await expect(question(ada)).to_be_hidden()
        await expect(ada.banner).to_contain_text("Nothing came for a while, so the floor moved on. Your words are kept.")
        await expect(ada.status).to_contain_text("Finish my share puts you next.")
        await expect(draft(ada)).to_have_value(HALF)
        await ada.page.reload()
        await expect(ada.status).to_contain_text("Nothing came for a while, so the floor moved on. Your words are kept.")
        await ada.presses("Finish my share")
        await expect(ada.status).to_contain_text("It is your turn next.")
        await bo.presses("Pass")
        await ada.presses("Send all")
        await host.sees(HALF)


async def test_the_words_are_one_tap_away_while_nobody_has_the_floor(crowd: Crowd) -> None:
    async with a_clock() as clock:
        _, host, ada, bo = await ada_shares(crowd, clock)
        await bo.presses("Lower my hand")
        await asked_at(clock, 92, ada, host, bo)
        await clock.at(215, ada, host, bo)
        await expect(ada.status).to_contain_text("You can send them now.")
        await ada.presses("Send")
        await host.sees(HALF)
        await expect(ada.status).not_to_contain_text("You can send them now.")


async def test_a_key_and_the_keyboard_alone_answer_the_question(crowd: Crowd) -> None:
    async with a_clock() as clock:
        _, host, ada, bo = await ada_shares(crowd, clock)
        await asked_at(clock, 92, ada, host, bo)
        await ada.field.press_sequentially(" you")
        await expect(question(ada)).to_be_hidden()
        await asked_at(clock, 125, ada, host, bo)
        await enters(ada, "Keep the floor")
        await expect(question(ada)).to_be_hidden()
        await expect(ada.field).to_be_focused()
        await expect(ada.field).to_have_value(f"{HALF} you")


async def test_another_page_of_the_seat_says_what_its_own_field_holds(crowd: Crowd) -> None:
    """The first page, with the words, is out of the meeting; nobody waits for it."""
    async with a_clock() as clock:
        links, host, ada, bo = await ada_shares(crowd, clock)
        clock.now += 2_000
        await ada.opens_a_tab(links.participant)
        await ada.is_in()
        await asked_at(clock, 92, ada, host, bo)
        await clock.at(125, ada, host, bo)
        await expect(bo.status).to_contain_text("You have the floor.")


# ---- the end of the meeting ----------------------------------------------------------------------------------------------


async def near_the_end(crowd: Crowd, clock: Clock, seconds: int, **fields: object) -> tuple[Links, Person, Person]:
    """A meeting of an hour with a host and Ada, both on small phones, so many seconds before its end."""
    links = await ask_for_a_room(clock.url, **{"minutes": 60, **fields})
    host, ada = [await crowd.someone(is_phone=True, **SMALL_PHONE) for _ in range(2)]
    await host.comes_in(links.host, "Quiet Heron")
    await ada.comes_in(links.participant, "Ada")
    await listens(host)
    await clock.at(60 * MINUTE_SECONDS - seconds, host, ada)
    return links, host, ada


async def test_the_warning_of_the_host_carries_more_time(crowd: Crowd) -> None:
    async with a_clock() as clock:
        _, host, ada = await near_the_end(crowd, clock, 295)
        await hears(host, "5 minutes left.")
        await expect(ada.banner).to_contain_text("5 minutes left.")
        await expect(question(ada)).to_be_hidden()
        for label in ("+5 minutes", "+10 minutes"):
            await expect(host.button(label)).to_be_in_viewport(ratio=1)
        await expect(host.button("Go to the closing")).to_be_hidden()
        await is_fine(host)
        await host.presses("+5 minutes")
        await expect(ada.banner).to_contain_text("There is more time")
        await expect(question(host)).to_be_hidden()
        await clock.at(64 * MINUTE_SECONDS + 10, host, ada)
        await expect(question(host)).to_contain_text("One minute left.")
        await host.presses("Not now")
        await expect(question(host)).to_be_hidden()


async def test_the_warning_of_the_host_leads_to_the_closing(crowd: Crowd) -> None:
    async with a_clock() as clock:
        _, host, ada = await near_the_end(crowd, clock, 295, script=SCRIPT)
        await host.presses("Next: Welcome")
        await expect(host.button("Go to the closing")).to_be_in_viewport(ratio=1)
        await host.presses("Go to the closing")
        await expect(ada.page.locator("#facts")).to_contain_text("Closing")


async def test_whoever_writes_at_the_end_has_a_little_more_time(crowd: Crowd) -> None:
    async with a_clock() as clock:
        _, host, ada = await near_the_end(crowd, clock, 25)
        await ada.field.fill(HALF)
        await clock.at(60 * MINUTE_SECONDS - 4, host, ada)
        await clock.at(60 * MINUTE_SECONDS + 1, host, ada)
        for person in (host, ada):
            await expect(person.banner).to_contain_text("There are up to two minutes more for anyone who is still writing.")
        await host.reads_nothing_of("Ada is")
        await ada.presses("Send")
        await host.sees(HALF)
        clock.now += 25_000
        for person in (host, ada):
            await person.is_told("The meeting has ended")
            await expect(person.page.locator("#unsent-part")).to_be_hidden()


async def unsent_at_the_end(crowd: Crowd, clock: Clock) -> Person:
    """Someone who is over when the meeting is, with words in the field."""
    _, host, ada = await near_the_end(crowd, clock, 250)
    await ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await ada.field.fill(HALF)
    await host.presses("Meeting", "End the meeting", "End the meeting")
    await ada.is_told("The meeting has ended")
    await expect(ada.page.locator("#unsent-words")).to_have_text(HALF)
    return ada


async def test_words_that_were_not_sent_can_be_copied_and_are_gone_with_the_page(crowd: Crowd) -> None:
    async with a_clock() as clock:
        ada = await unsent_at_the_end(crowd, clock)
        await ada.keeps_nothing()
        assert not await ada.page.evaluate(STORED_WORDS)
        await ada.presses("Copy my words")
        await expect(ada.button("Copied")).to_be_visible()
        assert await ada.page.evaluate("navigator.clipboard.readText()") == HALF
        await ada.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        await ada.reads_nothing_of(HALF)
        await ada.page.reload()
        await ada.is_told("There is no meeting here")
        await ada.reads_nothing_of(HALF)


async def test_words_that_were_not_sent_are_gone_after_ten_minutes(crowd: Crowd) -> None:
    async with a_clock() as clock:
        links = await ask_for_a_room(clock.url)
        host, ada = await crowd.someone(), await crowd.someone()
        await host.comes_in(links.host, "Quiet Heron")
        await ada.page.clock.install()
        await ada.comes_in(links.participant, "Ada")
        await ada.field.fill(HALF)
        await host.presses("End the meeting", "End the meeting")
        await ada.is_told("The meeting has ended")
        await is_fine(ada)
        await ada.page.clock.fast_forward(9 * MINUTE_SECONDS * 1000)
        await expect(ada.page.locator("#unsent-words")).to_have_text(HALF)
        await ada.page.clock.fast_forward(MINUTE_SECONDS * 1000)
        await ada.reads_nothing_of(HALF)
