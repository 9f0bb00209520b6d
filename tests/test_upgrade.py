"""Two versions of the server on one Redis, as in a rolling upgrade: real processes, real sockets."""

import pytest
from fake_time import fake_time_loop, in_fake_time
from house import SlowMemory, house
from newer import HASTY, NEWER
from redis.asyncio import Redis
from serving import HERE
from talking import is_refusal, new_origin
from versions import Start, hug, looks_round

from chatroom.core.formats import PROTOCOL
from chatroom.core.refusals import CLOSINGS, Close


async def test_what_is_new_waits_until_every_process_reads_it(start: Start, valkey_url: str) -> None:
    older = await start(HERE)
    newer = await start(NEWER)
    keys = await older.open_room()
    ada, bea = await older.join(keys, "Ada"), await newer.join(keys, "Bea")
    is_refusal(await hug(bea), "upgrade_unfinished")
    assert (await ada.ask("hug", origin_id=new_origin()))["code"] == "unknown_command"
    assert (ada.welcome["protocol"], bea.welcome["protocol"]) == (PROTOCOL, PROTOCOL + 1)
    assert (await bea.hears(await ada.post("we both stay")))["mood"] == "warm"
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


async def test_a_newer_page_comes_in_and_keeps_what_is_not_known_here(start: Start) -> None:
    older = await start(HERE)
    keys = await older.open_room()
    page = await older.hello(keys.secret, protocol=PROTOCOL + 1, colour="warm")
    assert (await page.ask("join", nickname="Ada", accept_rules=True))["is"] == "welcome"
    is_refusal(await page.ask("post", origin_id=new_origin(), text="words", mood="warm"), "upgrade_unfinished")
    is_refusal(await hug(page), "upgrade_unfinished")
    await page.hears(await page.post("words"))


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
