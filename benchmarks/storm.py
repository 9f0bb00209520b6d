"""Everyone comes back at once after their process died: `make storm`, or `storm.py PEOPLE` for another number of people.

Two processes share a Redis. One, with everyone on it, is killed with -9, and all knock in the same instant at the other, which
knows none of the rooms yet. Printed is the time until each was back in their seat. It fails unless everyone is: resumed whole,
each name there once, and every message at everyone in the same order.
"""

import asyncio
import random
import statistics
import sys
import time
from contextlib import AsyncExitStack
from typing import Any

from bare import Bare
from servers import BINARIES, MISSING, RedisServer
from serving import Running, serving

from chatroom.core.nicknames import SUGGESTION_BYTES, suggest_nicknames
from chatroom.live.opening import OpenRoom
from chatroom.web.listening import allow_files, files_needed
from chatroom.web.opener import ask_to_open

PEOPLE = 2_000
ROOM_OF = 50
BEFORE, AFTER = 5, 1
"""Messages in each room before the process dies, and when all are back."""
JOINING_AT_ONCE = 100
WANTED = OpenRoom(title="Storm", capacity=20 * ROOM_OF, needs_moderator=False)
"""So large that its guard does not mind so many at once."""
SETTINGS = {"TRUSTED_PROXIES": "127.0.0.1", "OPENING": "anyone", "ROOMS_PER_SOURCE_PER_HOUR": "100000"}


class Person:
    """Someone in a room, on one connection after another."""

    def __init__(self, number: int, name: str, secret: str) -> None:
        self.name, self.secret = name, secret
        self.address = f"10.0.{number >> 8}.{number & 255}"
        self.seat = self.position = ""
        self.texts: list[tuple[str, str]] = []
        self.line = AsyncExitStack()
        self.bare: Bare

    async def connect(self, server: Running) -> None:
        await self.line.aclose()
        self.bare = await self.line.enter_async_context(Bare(server.url, address=self.address))

    async def join(self, server: Running) -> dict[str, Any]:
        """Come in for the first time: the snapshot."""
        await self.connect(server)
        await self.bare.say(do="hello", secret=self.secret)
        await self.bare.say(do="join", nickname=self.name, accept_rules=True)
        welcome = await self.bare.message("welcome")
        self.seat, self.position = welcome["seat"], welcome["position"]
        room: dict[str, Any] = welcome["room"]
        return room

    async def post(self, number: int) -> None:
        await self.bare.say(do="post", origin_id=f"storm-{number:08}", text=f"message {number}")

    async def hear(self, count: int) -> None:
        """Read until so many messages are known."""
        while len(self.texts) < count:
            entry = await self.bare.message("entry")
            self.position = entry["position"]
            if entry["event"] == "message_posted":
                self.texts.append((entry["id"], entry["text"]))

    async def come_back(self, server: Running) -> float:
        """Knock until let in, as docs/protocol.md says: seconds until the seat was taken again."""
        began, tries = time.monotonic(), 0
        while not await self.knock(server):
            await asyncio.sleep(random.uniform(0, min(20, 0.5 * 2**tries)))
            tries += 1
        return time.monotonic() - began

    async def knock(self, server: Running) -> bool:
        try:
            await self.connect(server)
            while True:
                await self.bare.say(do="hello", secret=self.secret, seat=self.seat, position=self.position)
                answer = await self.bare.next()
                if answer["is"] == "welcome":
                    assert answer["recovered"], "resumed whole"
                    return True
                assert answer["code"] in ("server_busy", "slow_down", "reconnecting"), answer
                await asyncio.sleep(answer["retry_after_seconds"])
        except ConnectionError:
            return False


async def fill(server: Running, people: int) -> list[list[Person]]:
    """Everyone in their rooms, each with the messages said there."""
    rooms = []
    turns = asyncio.Semaphore(JOINING_AT_ONCE)

    async def come(person: Person) -> None:
        async with turns:
            await person.join(server)

    for start in range(0, people, ROOM_OF):
        links = await asyncio.to_thread(ask_to_open, server.url, WANTED)
        names = suggest_nicknames(random.Random(start).randbytes(SUGGESTION_BYTES * min(ROOM_OF, people - start)))
        secret = links["participant"].partition("#")[2]
        rooms.append([Person(start + number, name, secret) for number, name in enumerate(names)])
    await asyncio.gather(*(come(person) for room in rooms for person in room))
    for room in rooms:
        for number in range(BEFORE):
            await room[number].post(number)
        await asyncio.gather(*(person.hear(BEFORE) for person in room))
    return rooms


async def check(server: Running, room: list[Person]) -> None:
    """Everyone hears what is said now, all heard the same, and the roster shows each of them once."""
    for number in range(BEFORE, BEFORE + AFTER):
        await room[-1].post(number)
    await asyncio.gather(*(person.hear(BEFORE + AFTER) for person in room))
    assert all(person.texts == room[0].texts for person in room)
    assert sorted(text for _, text in room[0].texts) == [f"message {number}" for number in range(BEFORE + AFTER)]
    newcomer = Person(0, "A Newcomer", room[0].secret)
    roster = (await newcomer.join(server))["people"].values()
    assert sorted(one["nickname"] for one in roster) == sorted([newcomer.name, *(person.name for person in room)])
    assert all(one["here"] for one in roster)
    await newcomer.line.aclose()


async def storm(people: int) -> list[float]:
    """Seconds until each was back."""
    if not BINARIES:
        sys.exit(MISSING)
    with RedisServer(next(iter(BINARIES.values()))) as redis:
        async with serving({**SETTINGS, "PORT": ""}, processes=2, redis_url=redis.url) as [doomed, other]:
            rooms = await fill(doomed, people)
            doomed.process.kill()
            await doomed.process.wait()
            seconds = await asyncio.gather(*(person.come_back(other) for room in rooms for person in room))
            for room in rooms:
                await check(other, room)
            for room in rooms:
                for person in room:
                    await person.line.aclose()
    return seconds


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    allow_files(files_needed(people))
    seconds = sorted(asyncio.run(storm(people)))
    p99 = seconds[int(len(seconds) * 0.99)]
    print(f"{people} people back after {seconds[-1]:.1f} s; median {statistics.median(seconds):.1f} s, p99 {p99:.1f} s")


if __name__ == "__main__":
    main()
