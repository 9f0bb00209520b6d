"""Two versions of the server on one Redis, as in a rolling upgrade: real processes, real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from fake_time import fake_time_loop, in_fake_time
from house import SlowMemory, house
from newer import HASTY, NEWER
from redis.asyncio import Redis
from scene_drivers import WAIT_SECONDS
from screen import Frame
from serving import HERE, Version, serving
from talking import SETTINGS, Street, Talker, is_refusal, new_origin

from chatroom.core.refusals import CLOSINGS, Close

Start = Callable[..., Awaitable[Street]]


@pytest_asyncio.fixture
async def start(valkey_url: str) -> AsyncIterator[Start]:
    """Starts a process of a version, the present one or the next, all on one Redis."""
    client = Redis.from_url(valkey_url)
    await client.flushall()  # no lease of another test
    await client.aclose()
    async with AsyncExitStack() as stack:

        async def start(version: Version, **settings: str) -> Street:
            given = {**SETTINGS, **settings}
            [server] = await stack.enter_async_context(serving(given, redis_url=valkey_url, version=version))
            headers = {"Origin": server.url}
            http = httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=WAIT_SECONDS)
            street = Street(server, await stack.enter_async_context(http))
            stack.push_async_callback(street.go_home)
            return street

        yield start


async def hug(talker: Talker) -> Frame:
    """What only the next version can do."""
    return await talker.ask("hug", origin_id=new_origin())


async def looks_round(url: str) -> None:
    """Until a process has asked which formats the others read: what it asks for the second time was answered before."""
    client: Any = Redis.from_url(url)
    async with asyncio.timeout(WAIT_SECONDS), client.monitor() as commands:
        asked = 0
        async for command in commands.listen():
            asked += command["command"] == "HGETALL chatroom:lease:formats"
            if asked == 2:
                break
    await client.aclose()


async def test_what_is_new_waits_until_every_process_reads_it(start: Start, valkey_url: str) -> None:
    older = await start(HERE)
    newer = await start(NEWER)
    keys = await older.open_room()
    ada, bea = await older.join(keys, "Ada"), await newer.join(keys, "Bea")
    is_refusal(await hug(bea), "upgrade_unfinished")
    assert (await ada.ask("hug", origin_id=new_origin()))["code"] == "unknown_command"
    await bea.hears(await ada.post("we both stay"))
    await ada.hears(await bea.post("yes"))
    assert await older.server.stop() == 0
    await ada.sent_away(Close.RESTARTING)
    await looks_round(valkey_url)
    assert (await hug(bea))["is"] == "done"
    back = await newer.hello(keys.secret, seat=ada.seat)
    await back.until(lambda: any(frame["is"] == "welcome" for frame in back.frames))


async def test_what_the_older_process_cannot_read_sends_its_people_to_the_newer_and_ends_nothing(
    start: Start, valkey_url: str
) -> None:
    older, newer = await start(HERE), await start(NEWER, **HASTY)
    keys = await older.open_room()
    ada, bea = await older.join(keys, "Ada"), await newer.join(keys, "Bea")
    waits = await older.hello(keys.secret)
    said = await ada.post("from the older")
    await bea.hears(said)
    assert (await hug(bea))["is"] == "done"
    for away in (ada, waits):
        await away.sent_away(Close.RESTARTING)
        assert 0 < away.frames[-1]["retry_after_seconds"] <= 5
    for fields in ({}, {"seat": ada.seat}):
        early = await older.hello(keys.secret, **fields)
        await early.sent_away(Close.RESTARTING)
        assert early.frames == [early.frames[-1]]
    back = await newer.hello(keys.secret, seat=ada.seat)
    await back.until(lambda: any(frame["is"] == "welcome" for frame in back.frames))
    assert [message["text"] for message in back.welcome["room"]["messages"]] == ["from the older"]
    await bea.hears(await back.post("I am here"))
    client = Redis.from_url(valkey_url)
    assert await client.dbsize() >= 4
    await client.aclose()


async def test_a_room_that_no_living_process_can_read_waits_for_one(start: Start) -> None:
    newer = await start(NEWER)
    keys = await newer.open_room()
    bea = await newer.join(keys, "Bea")
    assert (await hug(bea))["is"] == "done"
    older = await start(HERE)
    await newer.server.stop()
    away = await older.hello(keys.secret, seat=bea.seat)
    await away.sent_away(Close.RESTARTING)
    assert CLOSINGS[Close.RESTARTING].sentence == away.frames[-1]["sentence"]


@pytest.mark.parametrize("held_up", ["requests", "answers"])
@in_fake_time
async def test_who_is_on_the_way_in_while_the_room_becomes_unreadable_is_not_told_that_it_is_over(held_up: str) -> None:
    logs = SlowMemory(clock=fake_time_loop().milliseconds)
    async with house(logs=logs) as inn:
        ada, waits = await inn.join("Ada"), await inn.door()
        live, log = inn.live_room(), inn.slow_log()
        ada.cut()
        getattr(log, held_up).clear()
        back, joins = await inn.door(seat=ada.seat), await inn.door()
        joins.say("join", nickname="Bea", accept_rules=True)
        await inn.loop.settle()
        live.unreadable()
        getattr(log, held_up).set()
        await inn.loop.settle()
        for guest in (back, joins, waits):
            last = guest.frames[-1]
            assert last["code"] == ("reconnecting" if last["is"] == "refused" else Close.RESTARTING), last
        assert log._room_key in logs._rooms
