"""Too many connections: strangers who wait make room, and those who are in stay in."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import msgspec
import pytest
from clients import tcp
from fake_time import in_fake_time
from house import Guest, House, generous, house
from hypothesis import given
from hypothesis import strategies as st
from scene_drivers import WAIT_SECONDS
from talking import Street, Talker, street
from websockets.exceptions import ConnectionClosed

from chatroom.core.limits import DOOR_AWAY_SECONDS, DOOR_PLACES_PER_SOURCE, DOOR_SECONDS, HELLO_PATIENCE_SECONDS
from chatroom.core.refusals import CLOSINGS, Close
from chatroom.live import doorway
from chatroom.live.places import Waiters

# ---- who waits -----------------------------------------------------------------------------------------------------------

SITE = [(bytes([home, room]), bytes([home]), b"site") for home in range(2) for room in range(2)]
OTHERS = [(b"one",), (b"two",)]
waits = st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.sampled_from(SITE + OTHERS)), max_size=40)


@given(waits)
def test_who_waits_longest_where_most_wait_is_found(steps: list[tuple[bool, int, tuple[bytes, ...]]]) -> None:
    waiters, order = Waiters[str](), list[tuple[str, tuple[bytes, ...]]]()
    for is_here, number, source in steps:
        one = (f"{number} of {source}", source)
        (waiters.add if is_here else waiters.discard)(*one)
        if is_here and one not in order:
            order.append(one)
        elif not is_here and one in order:
            order.remove(one)
        assert len(waiters) == len(order)
        for network in {network for source in SITE + OTHERS for network in source}:
            inside = [one for one, source in order if network in source]
            assert (waiters.count(network), waiters.longest(network)) == (len(inside), inside[0] if inside else None)
        most = max((waiters.count(source[-1]) for source in SITE + OTHERS), default=0)
        longest = waiters.longest()
        assert (longest is None) == (not order)
        if longest is not None:
            source = next(source for one, source in order if one == longest)
            assert waiters.count(source[-1]) == most
            assert next(one for one, other in order if other[-1] == source[-1]) == longest


# ---- in one process, in fake time ----------------------------------------------------------------------------------------


def few(connections: int, per_source: int = 200) -> contextlib.AbstractAsyncContextManager[House]:
    policy = msgspec.structs.replace(generous(), max_connections=connections, max_connections_per_source=per_source)
    return house(policy)


@in_fake_time
async def test_a_new_connection_takes_the_place_of_the_stranger_who_waits_longest() -> None:
    async with few(4) as inn:
        ada, mo = await inn.join("Ada", "host"), await inn.door("moderator")
        first, second = await inn.door(), await inn.door()
        third = await inn.door()
        assert [guest.closed for guest in (ada, mo, first, second, third)] == [0, 0, Close.COME_BACK, 0, 0]
        assert first.last("closing")["sentence"] == CLOSINGS[Close.COME_BACK].sentence
        assert 0 < first.last("closing")["retry_after_seconds"] <= 30
        silent = inn.knock()
        assert (second.closed, third.closed) == (Close.COME_BACK, 0), "a door is left before a hello is waited for"
        newest = inn.knock()
        assert (third.closed, silent.closed, newest.closed) == (Close.COME_BACK, 0, 0)
        assert inn.knock().closed == Close.SERVER_BUSY, "everyone has a moment to say hello"
        await inn.loop.advance(HELLO_PATIENCE_SECONDS)
        assert inn.knock().closed == 0
        assert (silent.closed, inn.hub.connections) == (Close.COME_BACK, 4)


@in_fake_time
async def test_when_all_have_seats_nobody_else_comes_in() -> None:
    async with few(3) as inn:
        seated = [await inn.join(name) for name in ("Ada", "Bea", "Cal")]
        late = inn.knock()
        assert (late.closed, late.session) == (Close.SERVER_BUSY, None)
        assert not any(guest.closed for guest in seated)


@in_fake_time
async def test_some_places_are_kept_for_seats_that_come_back_and_for_roles() -> None:
    async with few(20) as inn:
        seated = [await inn.join(f"Willow {letter}") for letter in "ABCDEFGHJKLMNPQRST"]
        refused = await (await inn.door()).ask("join", nickname="Zed", accept_rules=True)
        assert (refused["code"], refused["retry_after_seconds"] > 0) == ("server_busy", True)
        assert (await inn.join("Ada", "host")).all("welcome")
        for guest in seated:
            again = await inn.back(guest)
            assert again.last("welcome")["recovered"]
        assert inn.hub.connections <= 20


@in_fake_time
async def test_one_source_has_its_own_number_and_its_seats_stay_as_well() -> None:
    async with few(100, per_source=5) as inn:
        address = inn.new_address()
        bea, elsewhere = await inn.join("Bea", address=address), await inn.door()
        waiting = [await inn.door(address=address) for _ in range(4)]
        again = await inn.door(address=address, seat=bea.seat)
        assert again.all("welcome")
        assert [guest.closed for guest in waiting] == [Close.COME_BACK, 0, 0, 0]
        assert elsewhere.closed == 0


@in_fake_time
async def test_a_site_has_more_but_not_one_number_for_each_of_its_networks() -> None:
    async with few(1_000, per_source=2) as inn:
        home = [await inn.door(address=f"2001:db8:1:{number:04x}::1") for number in range(0x100, 0x109)]
        assert sum(not guest.closed for guest in home) == 8
        others = [await inn.door(address=f"2001:db8:1:{number:02x}00::1") for number in range(2, 40)]
        assert sum(not guest.closed for guest in [*home, *others]) == 32


# ---- at one door ---------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_door_has_only_so_many_who_wait_and_then_the_longest_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "DOOR_PLACES", 5)
    async with house(generous()) as inn:
        ada = await inn.join("Ada", "host")
        await ada.ask("set_door", door="knock")
        host, knocking = await inn.door("host"), await inn.door()
        assert (await knocking.ask("join", nickname="Bea", accept_rules=True))["is"] == "knocking"
        first = await inn.door()
        crowd = [await inn.door(address="203.0.113.7") for _ in range(6)]
        assert [guest.closed for guest in crowd] == [Close.COME_BACK] * 2 + [0] * 4, "fairly by network"
        assert [guest.closed for guest in (first, host, knocking, ada)] == [0] * 4


@in_fake_time
async def test_one_network_fills_no_door() -> None:
    async with house(generous()) as inn:
        crowd = [await inn.door(address="203.0.113.7") for _ in range(DOOR_PLACES_PER_SOURCE + 3)]
        assert [guest.closed for guest in crowd[:4]] == [Close.COME_BACK] * 3 + [0]


@in_fake_time
async def test_whoever_merely_waits_comes_back_by_itself() -> None:
    async with house(generous(), minutes=180) as inn:
        ada = await inn.join("Ada", "host")
        await ada.ask("set_door", door="locked")
        waiting = await inn.door()
        await inn.loop.advance(DOOR_SECONDS - 2)
        assert (await waiting.ask("suggest"))["is"] == "suggestions"
        await inn.loop.advance(DOOR_SECONDS - 2)
        before = waiting.closed
        await inn.loop.advance(3)
        assert (before, waiting.closed) == (0, Close.COME_BACK)
        assert Close.COME_BACK < Close.NO_SUCH_ROOM
        assert 5 <= waiting.last("closing")["retry_after_seconds"] <= 30
        await ada.ask("set_door", door="knock")
        knocking = await inn.door()
        assert (await knocking.ask("join", nickname="Bea", accept_rules=True))["is"] == "knocking"
        await inn.loop.advance(2 * DOOR_SECONDS)
        assert not knocking.closed, "a moderator is to answer"


async def patient(inn: House) -> Guest:
    """A page that does as it is told until it is in."""
    for _ in range(20):
        guest = await inn.door()
        while not guest.closed:
            if guest.last("door")["door"] == "open":
                assert (await guest.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"
                return guest
            await inn.loop.advance(1)
        await inn.loop.advance(guest.last("closing")["retry_after_seconds"])
    raise AssertionError("never in")


@in_fake_time
async def test_a_page_that_was_opened_hours_early_is_in_when_the_doors_open() -> None:
    async with house(generous()) as inn:
        doors = await inn.open(starts_at=inn.loop.milliseconds() + 5 * 3600_000)
        early = await inn.door()
        await inn.loop.advance(DOOR_SECONDS + 1)
        assert DOOR_AWAY_SECONDS <= early.last("closing")["retry_after_seconds"] <= DOOR_AWAY_SECONDS + 5
        await patient(inn)
        assert doors.doors_at <= inn.loop.milliseconds() < doors.doors_at + 10_000


# ---- the whole server ----------------------------------------------------------------------------------------------------

MAX_CONNECTIONS = 40
PEOPLE = ["Ada", "Bea", "Cal", "Dee", "Eve"]


class Strangers:
    """They have the link and come from everywhere; as soon as one is sent away, the next is there."""

    def __init__(self, server: Street, secret: str) -> None:
        self.hello = json.dumps({"do": "hello", "secret": secret})
        self.server, self.waiting = server, 0
        self.full, self.sent_away = asyncio.Event(), asyncio.Event()

    async def wait_at_door(self) -> None:
        while True:
            with contextlib.suppress(ConnectionClosed):
                async with self.server.connect() as socket:
                    await socket.send(self.hello)
                    await socket.recv()
                    self._came(1)
                    await socket.wait_closed()
            self._came(-1)
            self.sent_away.set()

    async def say_nothing(self) -> None:
        while True:
            async with self.server.connect() as socket:
                await socket.wait_closed()

    async def ask_for_nothing(self) -> None:
        while True:
            async with tcp(self.server.server.url) as raw:
                await raw.cut()

    def _came(self, count: int) -> None:
        self.waiting += count
        if self.waiting >= MAX_CONNECTIONS - 2 * len(PEOPLE):
            self.full.set()


@contextlib.asynccontextmanager
async def besieged(server: Street, secret: str) -> AsyncIterator[Strangers]:
    """Strangers take every place that they can get."""
    strangers = Strangers(server, secret)
    ways = [strangers.wait_at_door] * MAX_CONNECTIONS + [strangers.say_nothing, strangers.ask_for_nothing] * 5
    tasks = [asyncio.create_task(way()) for way in ways]
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await strangers.full.wait()
            await strangers.sent_away.wait()
        yield strangers
        assert not [task for task in tasks if task.done()], "they came to the end"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def everyone_hears(people: list[Talker], words: str) -> None:
    for speaker in people:
        offset = await speaker.post(f"{words} from {speaker.me}")
        for listener in people:
            assert (await listener.hears(offset))["text"] == f"{words} from {speaker.me}"


async def test_at_the_cap_of_a_server_those_who_are_in_stay_in_and_come_back() -> None:
    """So do people of another room, someone with a role, and someone new who is patient."""
    settings = {"MAX_CONNECTIONS": str(MAX_CONNECTIONS)}
    async with street(settings) as server:
        keys, others = await server.open_room(), await server.open_room()
        people = [await server.join(keys, name, "" if name != "Ada" else keys.host_token) for name in PEOPLE]
        company = [await server.join(others, name) for name in PEOPLE[1:3]]
        async with besieged(server, keys.secret):
            await everyone_hears(people, "we are here")
            await everyone_hears(company, "so are we")
            for place, person in enumerate(people):
                seat = person.seat
                await person.cut()
                people[place] = await server.hello(keys.secret, seat=seat)
                assert people[place].frames[0]["is"] == "welcome"
            await everyone_hears(people, "we are back")
            mo = await server.join(keys, "Mo", keys.moderator_token)
            zoe = await server.join(others, "Zoe")
            await everyone_hears([*people, mo], "and a moderator")
            await everyone_hears([*company, zoe], "and someone new")
