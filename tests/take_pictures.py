"""The pictures of the README and the guides: `python tests/take_pictures.py` plays two meetings and writes docs/pictures/."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from accessible import SCHEMES
from browser import Crowd, Person, a_chromium, ask_for_a_room
from desk_screen import at_desk, opens, outside
from playwright.async_api import expect
from serving import serving_here
from small_png import smaller

from chatroom.live.hub import Hub
from chatroom.log.memory import MemoryLogs
from chatroom.web.settings import Settings

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
TOMORROW = datetime.now(UTC) + timedelta(days=1)
HALF_PAST_SEVEN_MS = round(TOMORROW.replace(hour=19, minute=30, second=0, microsecond=0).timestamp() * 1000)
MINUTE_MS = 60_000
PLACE = {"locale": "en-GB", "timezone_id": "Europe/London"}
PHONE = {"viewport": {"width": 390, "height": 844}}

TITLE = "Tuesday newcomers"
WELCOME = "For everyone who is new, and everyone who remembers being new."
RULES = [
    "You never have to speak. Listening is taking part.",
    "One person shares at a time. We give no advice.",
    "Who you see here, what you hear here, let it stay here.",
]
HOST, MODERATOR, ON_THE_PHONE = "Quiet Heron", "Juniper", "River"
OTHERS = ("Morning Fern", "Willow", "Small Harbour", "Cedar", "Autumn Moss")
TALK: tuple[tuple[float, str, str], ...] = (
    (1, HOST, "Good evening, and welcome. If this is your first time: you never have to speak. Being here is enough."),
    (3, ON_THE_PHONE, "Hi everyone. First time. I nearly closed the page twice."),
    (3.5, "Cedar", "I'm glad you didn't, River."),
    (5, "Willow", "Welcome! I said nothing at all in my first three meetings. They helped anyway."),
    (8, "Morning Fern", "Eleven days today. The evenings are the hard part, so I came here instead of sitting alone with it."),
    (9, "Small Harbour", "Eleven days, one evening at a time. That is a lot, Fern."),
    (
        13,
        "Autumn Moss",
        "I had a setback last week and was afraid to come back. I say it here so that it is not a secret any more.",
    ),
    (14, MODERATOR, "Thank you for coming back, Moss. The door is always open."),
    (16, ON_THE_PHONE, "Reading all of you, I feel less strange. I think I'll stay until the end."),
)
REACTIONS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (1, "hug", ("Cedar", "Willow", HOST)),
    (4, "strength", (ON_THE_PHONE, "Willow", "Cedar", HOST)),
    (4, "heart", ("Small Harbour", "Autumn Moss")),
    (6, "hug", ("Morning Fern", ON_THE_PHONE, "Cedar", "Willow", HOST)),
    (6, "me too", ("Small Harbour",)),
)
SCRIPT = [
    {
        "title": "Welcome",
        "text": "We are here because we understand. Nobody has to speak.\nWhat you hear here, let it stay here.",
        "mode": "host",
        "minutes": 5,
        "cue": "Greet everyone, and wait until people have read.",
    },
    {"title": "A moment of quiet", "mode": "host", "minutes": 2},
    {
        "title": "Shares",
        "text": "Raise your hand to share. One person at a time; the others listen.",
        "mode": "floor",
        "crosstalk": "thanks",
        "minutes": 35,
        "cue": "Thank each person by name.",
    },
    {"title": "Milestones", "mode": "open", "crosstalk": "open", "kind": "milestones", "minutes": 8},
    {
        "title": "Closing",
        "text": "One word to leave with.",
        "mode": "open",
        "crosstalk": "open",
        "kind": "closing",
        "minutes": 5,
    },
]
SHARE = (
    "Thanks. I almost did not come tonight. My sister is getting married on Saturday and everyone will be drinking.",
    "I keep thinking I should just stay home. But last year I stayed home from everything. It did not keep me well either.",
)
PREPARED = "I wanted to say thank you first.\n\nThen: it was a hard week."
SIZES = {"phone": PHONE["viewport"], "desktop": {"width": 1280, "height": 800}}


async def picture(person: Person, name: str) -> None:
    await person.page.evaluate("document.activeElement.blur()")
    path = PICTURES / f"{name}.png"
    path.write_bytes(smaller(await person.page.screenshot()))
    print(f"{path.name}: {path.stat().st_size} bytes")


async def take_pictures(crowd: Crowd, url: str, clock: list[int]) -> None:
    links = await ask_for_a_room(url, title=TITLE, welcome=WELCOME, rules=RULES)
    names = {HOST: links.host, MODERATOR: links.moderator} | dict.fromkeys((ON_THE_PHONE, *OTHERS), links.participant)
    people = {}
    for name, link in names.items():
        people[name] = await crowd.someone(name == ON_THE_PHONE, **(PHONE if name == ON_THE_PHONE else {}))
        await people[name].comes_in(link, name)
    for minutes, name, text in TALK:
        clock[0] = HALF_PAST_SEVEN_MS + round(minutes * MINUTE_MS)
        await people[name].says(text)
        await asyncio.gather(*(person.sees(text) for person in people.values()))
    for index, reaction, givers in REACTIONS:
        for count, name in enumerate(givers, 1):
            await people[name].reacts(TALK[index][2], reaction)
            await people[HOST].sees_reaction(TALK[index][2], f"{reaction}, {count}")
    clock[0] += MINUTE_MS
    for name in (HOST, ON_THE_PHONE):
        await people[name].page.reload()
        await people[name].sees(TALK[-1][2])
    await picture(people[HOST], "room-desktop")
    await picture(people[ON_THE_PHONE], "room-phone")
    newcomer = await crowd.someone(True, **PHONE)
    await newcomer.comes_to_the_door(links.participant)
    await picture(newcomer, "door-phone")
    opener = await crowd.someone()
    await opener.goes_to(url + "/open")
    await opener.page.get_by_label("What is the meeting called?").fill(TITLE)
    await opener.page.get_by_label("A welcome").fill(WELCOME)
    await picture(opener, "open-desktop")


async def pictures(person: Person, name: str) -> None:
    """The same view on a phone and a desktop, light and dark."""
    for size, viewport in SIZES.items():
        await person.page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
        for scheme in SCHEMES:
            await person.page.emulate_media(color_scheme=scheme)
            await picture(person, f"{name}-{size}-{scheme}")


async def take_floor_pictures(crowd: Crowd, url: str, clock: list[int]) -> None:
    """One person shares, one is third in the list with words prepared, one listens, and one hosts."""
    links = await ask_for_a_room(url, title=TITLE, welcome=WELCOME, rules=RULES, script=SCRIPT)
    names = {HOST: links.host, MODERATOR: links.moderator} | dict.fromkeys((*OTHERS, ON_THE_PHONE), links.participant)
    people = {name: await crowd.someone() for name in names}
    for name, link in names.items():
        await people[name].comes_in(link, name)
    host, sharer, waiting, listening = (people[name] for name in (HOST, "Willow", ON_THE_PHONE, "Cedar"))
    for minutes, phase in enumerate(SCRIPT):
        if phase["title"] == "Milestones":
            break
        clock[0] = HALF_PAST_SEVEN_MS + 4 * minutes * MINUTE_MS
        await host.presses(f"Next: {phase['title']}")
    await sharer.presses("Raise my hand")
    await people["Morning Fern"].presses("With a reason", "Raise my hand")
    for name in ("Small Harbour", ON_THE_PHONE):
        await people[name].presses("Raise my hand")
        await expect(people[name].status).to_contain_text("Willow is sharing. You are")
    for text in SHARE:
        await sharer.says(text)
        await asyncio.gather(*(person.sees(text) for person in people.values()))
    for name, reaction in (("Cedar", "me too"), ("Autumn Moss", "hug"), ("Small Harbour", "hug"), (HOST, "strength")):
        await people[name].presses(reaction)
    await waiting.page.get_by_label("Prepare my share").fill(PREPARED)
    await sharer.field.press_sequentially("So tonight ")
    await listening.reads("Willow is still writing")
    await host.page.reload()
    await host.button("Next: Milestones").wait_for()
    for name, person in (("host", host), ("sharer", sharer), ("waiting", waiting), ("listening", listening)):
        await pictures(person, f"floor-{name}")


async def take_desk_pictures(crowd: Crowd, url: str, clock: list[int]) -> None:
    """A moderator at a quiet desk, and then in a raid: what was tried stands still, and each case can be looked at."""
    links = await ask_for_a_room(url, title=TITLE, welcome=WELCOME, rules=RULES)
    host, juniper = await crowd.someone(), await crowd.someone()
    await host.comes_in(links.host, HOST)
    await juniper.comes_in(links.moderator, MODERATOR)
    async with outside(url, 12) as people:
        friends, raiders, late = people[:4], people[4:9], people[9:]
        for friend, name in zip(friends, OTHERS, strict=False):
            await friend.comes_in(links, name)
        for minutes, name, text in TALK:
            clock[0] = HALF_PAST_SEVEN_MS + round(minutes * MINUTE_MS)
            if name in OTHERS[:4]:
                await friends[OTHERS.index(name)].says(text)
        await friends[0].does("ask_support")
        await juniper.reads("Someone asks for support.")
        await desk_pictures(juniper, "desk-quiet")
        clock[0] += MINUTE_MS
        for number, raider in enumerate(raiders, 1):
            await raider.comes_in(links, f"Visitor {number * 7}")
        said = [await raider.says("You are all losers and this is a joke") for raider in raiders[:3]]
        await friends[1].does("report", message=said[0], reason="unkind", words="Three of them write the same.")
        await opens(juniper, "Pace")
        await juniper.page.get_by_label("Words of new people wait for a moderator").check()
        await host.reads("Pace: words of new people wait for a moderator")
        for raider in raiders[3:]:
            await raider.says("Nobody here wants you")
        await friends[2].does("worry", participant=friends[0].id)
        await at_desk(juniper, "Calm the room")
        for person, name in zip(late, ("Maple", "River", "Fox"), strict=True):
            await person.knocks(links, name)
        await juniper.reads("Knocking (3)")
        await opens(juniper, "Pace")
        await desk_pictures(juniper, "desk-raid")


async def desk_pictures(person: Person, name: str) -> None:
    """The desk beside the talk, and over it on a phone."""
    await person.page.set_viewport_size({"width": 1280, "height": 800})
    await person.page.locator("#desk").evaluate("(node) => node.parentNode.scrollTo(0, 0)")
    for scheme in SCHEMES:
        await person.page.emulate_media(color_scheme=scheme)
        await picture(person, f"{name}-desktop-{scheme}")
    await person.page.set_viewport_size({"width": 390, "height": 844})
    await person.page.locator("#open-desk").click()
    for scheme in SCHEMES:
        await person.page.emulate_media(color_scheme=scheme)
        await picture(person, f"{name}-phone-{scheme}")
    await person.presses("Close")
    await person.page.set_viewport_size({"width": 1280, "height": 800})


async def take_help_pictures(crowd: Crowd, url: str, clock: list[int]) -> None:
    """The help card, and a page that is about to be left at once."""
    links = await ask_for_a_room(url, title=TITLE, welcome=WELCOME, rules=RULES)
    host, river = await crowd.someone(), await crowd.someone(False, **PLACE)
    await host.comes_in(links.host, HOST)
    await river.comes_in(links.participant, ON_THE_PHONE)
    await host.says(TALK[0][2])
    await river.sees(TALK[0][2])
    await river.presses("Help")
    await pictures(river, "help")
    await river.presses("Close")
    for _ in range(2):
        await river.page.keyboard.press("Shift")
    await pictures(river, "leaving")


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for take in (take_pictures, take_floor_pictures, take_desk_pictures, take_help_pictures):
        clock = [HALF_PAST_SEVEN_MS]
        hub = Hub(MemoryLogs(clock=partial(clock.__getitem__, 0)))
        async with serving_here(Settings(), hub) as server, a_chromium() as chromium:
            crowd = Crowd(chromium)
            await take(crowd, server.url, clock)
            mistakes = await crowd.go_home()
            assert not mistakes, mistakes


if __name__ == "__main__":
    asyncio.run(main())
