"""The pictures of the README: `python tests/take_pictures.py` plays a meeting of eight people and writes docs/pictures/."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from browser import Crowd, Person, a_chromium, ask_for_a_room
from serving import serving_here
from small_png import smaller

from chatroom.live.hub import Hub
from chatroom.log.memory import MemoryLogs
from chatroom.web.settings import Settings

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
TOMORROW = datetime.now(UTC) + timedelta(days=1)
HALF_PAST_SEVEN_MS = round(TOMORROW.replace(hour=19, minute=30, second=0, microsecond=0).timestamp() * 1000)
MINUTE_MS = 60_000
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


async def picture(person: Person, name: str) -> None:
    await person.page.evaluate("document.activeElement.blur()")
    path = PICTURES / f"{name}.png"
    path.write_bytes(smaller(await person.page.screenshot()))
    print(f"{path.name}: {path.stat().st_size} bytes")


async def take_pictures(crowd: Crowd, hub: Hub, url: str, clock: list[int]) -> None:
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


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    clock = [HALF_PAST_SEVEN_MS]
    hub = Hub(MemoryLogs(clock=lambda: clock[0]))
    async with serving_here(Settings(), hub) as server, a_chromium() as chromium:
        crowd = Crowd(chromium)
        await take_pictures(crowd, hub, server.url, clock)
        mistakes = await crowd.go_home()
        assert not mistakes, mistakes


if __name__ == "__main__":
    asyncio.run(main())
